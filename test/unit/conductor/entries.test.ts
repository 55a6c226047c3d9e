import { describe, expect, test } from "vitest";
import { shippedBank } from "../../../engine/bank/shipped.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { GenerationAnswer, GenerationRequest } from "../../../engine/generator/service.ts";
import type { Note } from "../../../engine/music/note.ts";
import { hashText } from "../../../engine/music/random.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { carried } from "../../../engine/theme/carry.ts";
import {
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { rehearse, type Rehearsal, type RehearsalOptions } from "../../helpers/rehearsal.ts";
import { mood, rule, score } from "../../helpers/score.ts";
import { themeOf } from "../../helpers/theme.ts";

const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });
const set = (at: number, value: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value,
});

const TICK = 0.05;
const RENDER_DELAY = 0.1;

/** How long after its decision the first bars of a section were all with the player. */
function entryTook({ played, decidedAt, cues }: Rehearsal, index: number, bars = 1): number {
  const section = cues.find((cue) => cue.kind === "section" && cue.index === index);
  if (section?.kind !== "section") throw new Error(`there is no section ${index}`);
  const duration = (bars * 4 * 60) / section.tempo;
  const first = played.filter(
    ({ voice, at }) => voice.startsWith(`${index}:`) && at < section.entersAt + duration - 0.001,
  );
  // Half bars of five stems.
  expect(first).toHaveLength(10 * bars);
  return Math.max(...first.map(({ handedOverAt }) => handedOverAt)) - (decidedAt[index] ?? 0);
}

const play = (
  events: readonly GameEvent[],
  changes: Parameters<typeof score>[0] = {},
  workers: Pick<RehearsalOptions, "generatorDelay" | "renderCost"> = {},
): Promise<Rehearsal> =>
  rehearse({
    score: score(changes),
    events,
    until: 40,
    tick: TICK,
    renderDelay: RENDER_DELAY,
    ...workers,
  });

describe("entries", () => {
  test.each([
    ["one bar of each prepared", "quick", 5, 1],
    ["two bars where the renderer is slow", "slow", 100, 2],
  ] as const)(
    "the mood of a rule and that of another place come at once, %s",
    async (_, __, renderCost, bars) => {
      const events = [set(12.3, 0.9), set(20, 0.1), go(20, "cave")];
      const result = await play(events, {}, { renderCost });
      expect(entryTook(result, 1, bars)).toBeLessThan(TICK);
      expect(entryTook(result, 2, bars)).toBeLessThan(TICK);
    },
  );

  test("of an entry that the model is writing nothing is rendered before it is asked for, unless the renderer is slow", async () => {
    const rendered = async (renderCost: number): Promise<number> => {
      const result = await play([], {}, { renderCost, generatorDelay: () => 60 });
      return result.counts["rendered"] ?? 0;
    };
    expect(await rendered(100)).toBeGreaterThan((await rendered(5)) + 20);
  });

  test("a place with the mood that sounds, on other instruments, comes at once", async () => {
    const result = await play([go(20.2, "grotto")]);
    const sections = result.cues.filter((cue) => cue.kind === "section");
    expect(sections.map(({ mood, palette }) => `${mood.name} on ${palette}`)).toEqual([
      "calm on plucked",
      "calm on glass",
    ]);
    expect(entryTook(result, 1)).toBeLessThan(TICK);
  });

  test("what is asked for is prepared before all that is only likely", async () => {
    const names = ["storm", "chase", "grief", "dawn", "fair", "hunt"];
    const rules = names.map((name, nth) => rule(name, `intensity > ${2 + nth}`, "intensity < 1"));
    const moods = [...score().moods, ...names.map((name) => mood(name))];
    const result = await play([go(20.1, "grotto")], { rules, moods });
    expect(entryTook(result, 1)).toBeLessThan(TICK);
  });

  test("an entry that the model wrote takes the place of the bank's", async () => {
    const result = await play([set(25.2, 0.9)], {}, { generatorDelay: () => 0.3 });
    expect(result.sources).toContain("danger 0 model");
    expect(entryTook(result, 1)).toBeLessThan(TICK);
  });

  test("an entry that the model wrote just before it is asked for is rendered while the change is on its way", async () => {
    const result = await play([set(12.2, 0.9)], {}, { generatorDelay: () => 12 });
    expect(result.sources).toContain("danger 0 model");
    expect(result.counts).not.toHaveProperty("late");
  });

  test("an entry of which the player has heard most is written once more, beforehand", async () => {
    // Four notes in every bar, always the same ones or, for every request, others.
    const writer = (tuneOf: (id: string) => number) => ({
      generate: async ({ id, bars, passes }: GenerationRequest): Promise<GenerationAnswer> => {
        const melody = bars.flatMap((_, bar) =>
          [0, 1, 2, 3].map((beat): Note => {
            const pitch = midiPitch(60 + (((4 * bar + beat) * tuneOf(id)) % 13));
            const at = ticks((4 * bar + beat) * 960);
            return { at, duration: ticks(960), pitch, velocity: velocity(80) };
          }),
        );
        return {
          id,
          outcome: "written",
          notes: perStem((stem) => (stem === "melody" ? melody : [])),
          backend: "wasm",
          passes,
          elapsed: milliseconds(1),
          queued: milliseconds(0),
        };
      },
      cancel: () => undefined,
    });
    const requestsFor = async (tuneOf: (id: string) => number): Promise<number> => {
      const { asked } = await rehearse({
        score: score(),
        events: [set(12.3, 0.9), set(20, 0.1)],
        until: 60,
        tick: TICK,
        generator: writer(tuneOf),
      });
      return asked.filter((id) => id.startsWith("entry danger#1")).length;
    };
    expect(await requestsFor(() => 5)).toBe(2);
    expect(await requestsFor((id) => 1 + (hashText(id) % 1000))).toBe(1);
  });

  test("a theme that is read when the opening is planned already is stated by it", async () => {
    const key = { tonic: 2, mode: "dorian" } as const;
    const hero = themeOf("D4 1/4, F4 1/4, G4 1/4, A4 1/4 | C5 1/2, A4 1/2", key);
    const calm = mood("calm", {
      key,
      theme: {
        name: "hero",
        likeness: [unitInterval(0.9), unitInterval(1)],
        register: 0,
        density: "all",
      },
    });
    const changes = { rules: [], locations: [], transitions: [], moods: [calm] };
    const { takes } = await rehearse({
      score: score({ ...changes, themes: [{ kind: "notes", name: "hero", theme: hero }] }),
      events: [],
      until: 4,
      tick: TICK,
      themesAreLate: true,
    });
    const { fit, compare } = carried(hero);
    const { melody } = fit({ key, meter: "4/4", bars: 4, register: 0, density: "all" });
    const like = compare(melody, takes[0]?.take.notes.melody ?? [], "4/4");
    expect((like.onsetsKept + like.contour) / 2).toBeGreaterThan(0.89);
  });

  test("neighbouring phrases of a section that has no generator differ", async () => {
    const { takes } = await rehearse({
      score: score(),
      events: [],
      until: 100,
      tick: 0.2,
      bank: shippedBank,
    });
    expect(takes.length).toBeGreaterThan(5);
    const tunes = takes.map(({ take }) => JSON.stringify(take.notes.melody));
    for (const [index, tune] of tunes.slice(1).entries()) expect(tune).not.toBe(tunes[index]);
  });
});
