import { describe, expect, test } from "vitest";
import { planBridge } from "../../../engine/composer/bridge-plan.ts";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { AuthoredTakes } from "../../../engine/conductor/authored-takes.ts";
import { Bridges } from "../../../engine/conductor/bridges.ts";
import { Repertoire } from "../../../engine/conductor/repertoire.ts";
import { Songbook } from "../../../engine/conductor/songbook.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { DirectorState } from "../../../engine/director/state.ts";
import { chordTones } from "../../../engine/music/chord.ts";
import type { Note } from "../../../engine/music/note.ts";
import type { Score, Transition } from "../../../engine/score/score.ts";
import {
  bpm,
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { smallBank } from "../../helpers/bank.ts";
import { holes } from "../../helpers/continuity.ts";
import { directing, go, sections, set } from "../../helpers/directing.ts";
import { rehearse } from "../../helpers/rehearsal.ts";
import { mood, score, transition } from "../../helpers/score.ts";
import { takeOf } from "../../helpers/takes.ts";
import { FAILURE, heldWriting } from "../../helpers/writing.ts";

const crossing = (bridge: Transition["bridge"], changes: Partial<Score> = {}): Score =>
  score({
    moods: [
      mood("calm"),
      mood("danger", { tempo: bpm(120), key: { tonic: 9, mode: "aeolian" } }),
      mood("mystery"),
    ],
    transitions: [transition({ at: "phrase", bridge })],
    ...changes,
  });
const NOTES: readonly Note[] = [
  { at: ticks(0), duration: ticks(960), pitch: midiPitch(62), velocity: velocity(80) },
];

/** Bridges of a score whose generator waits. */
function open(written: Score, entry?: PhraseTake) {
  const held = heldWriting();
  const repertoire = new Repertoire(smallBank, () => milliseconds(0), {
    answered: () => undefined,
    failed: (error) => {
      if (error.message !== FAILURE) throw error;
    },
  });
  repertoire.writing = held.writing;
  const songbook = new Songbook(written);
  const bridges = new Bridges({
    score: written,
    seed: 1,
    repertoire,
    songbook,
    authored: new AuthoredTakes([]),
    entryOf: () => entry,
  });
  const at = (events: readonly GameEvent[], time: number): DirectorState => {
    const { state } = directing(events, time, written);
    const cue = state.section;
    if (cue === undefined) throw new Error("nothing sounds");
    bridges.prepare(state, { cue, phrases: [] }, seconds(time));
    return state;
  };
  return { held, repertoire, songbook, bridges, at };
}

describe("a bridge", () => {
  test("is asked for once, as soon as its transition is, to be there before it begins", () => {
    const { held, at } = open(crossing({ bars: 2, tempo: "step" }));
    at([], 3);
    expect(held.open).toHaveLength(0);
    at([set(4, 0.9)], 5);
    at([set(4, 0.9)], 6);
    const [request] = held.open;
    expect(held.open).toHaveLength(1);
    expect(request?.bars).toHaveLength(2);
    expect(request?.deadline).toBeGreaterThan(10_000);
    expect(request?.deadline).toBeLessThan((16 - 5) * 1000);
  });

  test("is written for both keys: in the first, on the way to the dominant of the second", () => {
    const { held, at } = open(crossing({ bars: 3, tempo: "step" }));
    at([set(4, 0.9)], 5);
    const [request] = held.open;
    expect(request?.bars.every(({ key }) => key.tonic === 2 && key.mode === "dorian")).toBe(true);
    const [home] = request?.bars[0]?.chords ?? [];
    const [, last] = request?.bars[2]?.chords ?? [];
    const dorian = { tonic: 2, mode: "dorian" } as const;
    expect(home && chordTones(home, dorian)).toEqual([2, 5, 9]);
    // E G# B D.
    expect(last && chordTones(last, dorian)).toEqual([4, 8, 11, 2]);
  });

  test("has as many bars as will be played where the score's are too short to change after", () => {
    const quick = crossing(
      { bars: 1, tempo: "step" },
      { moods: [mood("calm", { tempo: bpm(240), meter: "6/8" }), mood("danger"), mood("mystery")] },
    );
    const fast: GameEvent = { kind: "time-scale", at: seconds(0), scale: 2 };
    const { held, at } = open(quick);
    at([fast, set(4, 0.9)], 4.2);
    const played = sections(directing([fast, set(4, 0.9)], 9, quick).cues).find(
      ({ bridge }) => bridge !== undefined,
    );
    expect(played?.bridge?.bars).toBeGreaterThan(1);
    expect(held.open[0]?.bars).toHaveLength(played?.bridge?.bars ?? 0);
  });

  test("that is not wanted any more is withdrawn, and one to another mood asked for", async () => {
    const { held, at, songbook } = open(crossing({ bars: 2, tempo: "step" }));
    at([set(4, 0.9)], 5);
    const [first] = held.open;
    at([set(4, 0.9), set(5.5, 0.1), go(5.5, "cave")], 6);
    expect(held.cancelled).toEqual([first?.id]);
    expect(held.open.map(({ id }) => id)).toEqual(["bridge calm>mystery at 16.000:0 (2)"]);
    await held.answer(NOTES);
    expect(songbook.find("bridge calm>mystery at 16.000")?.takes.get(0)?.source).toBe("model");
    expect(songbook.find("bridge calm>danger at 16.000")?.takes.size).toBe(0);
  });

  test("that was written beforehand goes before one in a hurry, where it is as long as the one that is played", async () => {
    const { held, at, bridges } = open(crossing({ bars: 2, tempo: "step" }), takeOf());
    const { section } = at([], 3);
    if (section === undefined) throw new Error("nothing sounds");
    const likely = { mood: "danger", location: undefined, weight: unitInterval(0.8) };
    bridges.speculate([likely], { cue: section, phrases: [] });
    expect(held.open).toHaveLength(1);
    await held.answer(NOTES);
    at([set(15, 0.9)], 15.2);
    expect(held.open).toHaveLength(0);
    const planned = (bars: number) =>
      planBridge({
        from: section.mood,
        to: mood("danger"),
        bars,
        intensity: unitInterval(0.5),
        seed: 1,
      });
    expect(bridges.spare("calm", "danger", planned(3))).toBeUndefined();
    expect(bridges.spare("calm", "mystery", planned(2))).toBeUndefined();
    expect(bridges.spare("calm", "danger", planned(2))?.source).toBe("model");
    expect(bridges.spare("calm", "danger", planned(2))).toBeUndefined();
  });

  test("that was to be written beforehand and was not is asked for once more, and again from a new generator", async () => {
    const { held, at, bridges } = open(crossing({ bars: 2, tempo: "step" }), takeOf());
    const { section } = at([], 3);
    if (section === undefined) throw new Error("nothing sounds");
    const likely = { mood: "danger", location: undefined, weight: unitInterval(0.8) };
    const asks = (): number => {
      bridges.speculate([likely], { cue: section, phrases: [] });
      return held.open.length;
    };
    const failures = [asks(), await held.fail(), asks(), await held.fail(), asks()];
    expect(failures).toEqual([1, 0, 1, 0, 0]);
    bridges.retry();
    expect(asks()).toBe(1);
  });

  test("that failed is asked for again from a new generator", async () => {
    const { held, at, bridges } = open(crossing({ bars: 2, tempo: "step" }));
    at([set(4, 0.9)], 5);
    await held.fail();
    at([set(4, 0.9)], 6);
    expect(held.open).toHaveLength(0);
    bridges.retry();
    at([set(4, 0.9)], 7);
    expect(held.open).toHaveLength(1);
  });

  test("that plays already is not withdrawn", () => {
    const { held, at, bridges } = open(crossing({ bars: 2, tempo: "step" }));
    at([set(4, 0.9)], 5);
    bridges.tuneOf("calm", "danger", seconds(16)).players += 1;
    at([set(4, 0.9)], 15.8);
    expect(held.cancelled).toEqual([]);
    expect(held.open).toHaveLength(1);
  });

  test.each([
    ["not ready in time is played from the bank, whole, and counted", 30],
    ["for which there is no generator is played from the bank, whole", undefined],
  ])("%s", async (_, delay) => {
    const result = await rehearse({
      score: crossing({ bars: 2, tempo: "step" }),
      events: [set(4, 0.9)],
      until: 30,
      tick: 0.05,
      ...(delay === undefined ? {} : { generatorDelay: () => delay }),
    });
    const { take } = result.takes.find(({ take: { bars } }) => bars[0]?.role === "bridge") ?? {};
    expect(take?.source).toBe("bank");
    expect(take?.bars).toHaveLength(2);
    expect(result.overdue.includes("bridge")).toBe(delay !== undefined);
    expect(holes(result, "melody", 28)).toEqual([]);
  });

  test("is nobody's fallback: it has another length and leads elsewhere", async () => {
    const { held, at, repertoire } = open(crossing({ bars: 2, tempo: "step" }));
    at([set(4, 0.9)], 5);
    await held.answer(NOTES);
    const plan = planPhrase({
      mood: mood("calm"),
      visit: 0,
      index: 1,
      intensity: unitInterval(0.5),
      seed: 1,
    });
    expect(repertoire.fallback("calm", plan)).toMatchObject({
      source: "bank",
      bars: { length: 4 },
    });
  });
});
