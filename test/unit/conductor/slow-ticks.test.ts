import { describe, expect, test } from "vitest";
import { effective, Foresight } from "../../../engine/conductor/foresight.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { bpm, seconds } from "../../../engine/time/units.ts";
import { doublings, holes } from "../../helpers/continuity.ts";
import { go, sections, set, trigger } from "../../helpers/directing.ts";
import { rehearse, type Rehearsal } from "../../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

const written = score({
  moods: [
    mood("calm", { tempo: bpm(67) }),
    mood("danger", { tempo: bpm(131) }),
    mood("mystery", { tempo: bpm(91), meter: "3/4" }),
  ],
  stingers: [stinger("alarm", { at: "bar" })],
  transitions: [
    transition({ to: ["danger"], at: "beat", fade: { value: 1, unit: "beats" } }),
    transition({ from: ["danger"], at: "phrase", bridge: { bars: 2, tempo: "ramp" } }),
    transition({ fade: { value: 2, unit: "beats" } }),
  ],
});
/** At whole seconds, where every tick falls: later ones would take effect at the next. */
const events: readonly GameEvent[] = [
  set(7, 0.9),
  trigger(11, "alarm"),
  set(16, 0.1),
  go(33, "cave"),
  { kind: "time-scale", at: seconds(44), scale: 1.3 },
  trigger(49, "alarm"),
  go(57, "meadow"),
  set(66, 0.9),
];
const UNTIL = 75;

const play = (tick: number, renderDelay = 0.02): Promise<Rehearsal> =>
  rehearse({
    score: written,
    events,
    until: UNTIL,
    tick,
    generatorDelay: () => 0.2,
    renderDelay,
  });

describe("however slow the ticks, up to one in a second", () => {
  test.each([0.25, 0.5, 1])("cues and notes are the same: %f s", async (tick) => {
    const [quick, slow] = [await play(0.04), await play(tick)];
    const shortest = Math.min(quick.cues.length, slow.cues.length);
    expect(sections(quick.cues).length).toBeGreaterThan(6);
    expect(shortest).toBeGreaterThan(sections(quick.cues).length * 3);
    expect(slow.cues.slice(0, shortest)).toEqual(quick.cues.slice(0, shortest));
    const notes = ({ takes }: Rehearsal) => takes.map(({ mood: name, take }) => [name, take]);
    const fewest = Math.min(quick.takes.length, slow.takes.length);
    expect(new Set(notes(slow).slice(0, fewest))).toEqual(new Set(notes(quick).slice(0, fewest)));
    expect(slow.counts["missed"]).toBeUndefined();
  });

  test.each([0.04, 0.25, 0.5, 1])(
    "there is neither a hole nor longer than the fade two musics at once: %f s",
    async (tick) => {
      const result = await play(tick);
      for (const stem of STEMS) {
        expect(holes(result, stem, UNTIL - 2)).toEqual([]);
        expect(doublings(result, stem)).toEqual([]);
      }
      expect(result.counts["late"]).toBeUndefined();
    },
  );

  test("a bridge that nobody has written is not begun a tick too late", async () => {
    // Ticks lie otherwise before each beat.
    for (const beat of [10, 11, 12, 13, 14]) {
      const result = await rehearse({
        score: score({
          moods: [mood("calm"), mood("danger")],
          locations: [],
          transitions: [transition({ at: "beat", bridge: { bars: 1, tempo: "step" } })],
        }),
        events: [set(beat - 0.8, 0.9)],
        until: 20,
        tick: 0.35,
        renderDelay: 0.05,
      });
      expect(sections(result.cues).some(({ bridge }) => bridge !== undefined)).toBe(true);
      expect(result.counts["late"]).toBeUndefined();
    }
  });

  test("a renderer that is free is given the next chunk at once", async () => {
    const result = await play(1, 0.1);
    const fast = sections(result.cues).find(({ cause }) => cause === "tempo");
    const decidedAt = result.decidedAt[fast?.index ?? -1] ?? Infinity;
    const first = result.played
      .filter(({ voice }) => voice.startsWith(`${fast?.index}:`))
      .toSorted((a, b) => a.handedOverAt - b.handedOverAt)
      .slice(0, 20);
    // Ten are with it at once; some of them belong to what goes.
    expect(first.at(-1)?.handedOverAt).toBeLessThan(decidedAt + 0.35);
  });
});

describe("foresight", () => {
  const looks = (...times: readonly number[]) => {
    const foresight = new Foresight();
    return times.map((time) => foresight.look(seconds(time)));
  };

  test("decides no earlier than it must while the clock is looked at often", () => {
    expect(looks(0, 0.04, 0.4, 0.8).map(({ now, upTo }) => upTo - now)).toEqual([0, 0, 0, 0]);
  });

  test("after two long pauses expects a third, and after a short one none", () => {
    expect(looks(0, 1, 2, 2.75, 2.8, 3.8).map(({ upTo }) => upTo)).toEqual([
      0, 1, 3, 3.5, 3.5, 3.8,
    ]);
  });

  test("looks no more than a second and a half ahead", () => {
    expect(looks(0, 5, 10).at(-1)?.upTo).toBe(11.5);
  });

  test("has what the game did take effect after what is decided", () => {
    const since = looks(0, 1, 2, 3).at(-1)?.since ?? seconds(0);
    expect(since).toBe(3);
    expect(effective([set(2.4, 0.9), set(3.2, 0.5)], since).map(({ at }) => at)).toEqual([3, 3.2]);
  });
});
