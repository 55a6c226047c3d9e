import { describe, expect, test } from "vitest";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import { requestFor, takeFrom } from "../../../engine/composer/request.ts";
import { planStinger } from "../../../engine/composer/stinger-plan.ts";
import type { GenerationAnswer } from "../../../engine/generator/service.ts";
import type { Note } from "../../../engine/music/note.ts";
import { perStem } from "../../../engine/music/stem.ts";
import type { MoodTheme } from "../../../engine/score/score.ts";
import { carried } from "../../../engine/theme/carry.ts";
import { likeness } from "../../../engine/theme/likeness.ts";
import { inlineTheme } from "../../../engine/theme/inline-theme.ts";
import { readNotes } from "../../../engine/theme/read-notes.ts";
import {
  bpm,
  midiPitch,
  milliseconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { mood, stinger } from "../../helpers/score.ts";

const KEY = { tonic: 2, mode: "dorian" } as const;
const reading = readNotes("D4 1/4, F4 1/4, G4 1/4, A4 1/4 | C5 1/2, A4 1/2", "4/4");
if (!reading.ok) throw new Error(reading.expected);
const hero = carried(
  inlineTheme(reading.value.notes, {
    name: "hero",
    meter: "4/4",
    tempo: bpm(96),
    key: KEY,
    bars: reading.value.bars,
  }),
);
const given: MoodTheme = {
  name: "hero",
  likeness: [unitInterval(0.7), unitInterval(0.9)],
  register: 0,
  density: "all",
};
const intensity = unitInterval(0.5);
const planAt = (index: number) =>
  planPhrase({
    mood: mood("calm", { theme: given }),
    visit: 0,
    index,
    intensity,
    seed: 1,
    theme: hero,
  });

/** What a model would answer that pays no heed to the theme: one pitch, on every beat. */
function heedless(bars: number): GenerationAnswer {
  const drone = Array.from({ length: 4 * bars }, (_, beat): Note => ({
    at: ticks(960 * beat + 480),
    duration: ticks(240),
    pitch: midiPitch(74),
    velocity: velocity(80),
  }));
  return {
    id: "theme",
    outcome: "written",
    notes: perStem(() => drone),
    backend: "wasm",
    passes: 8,
    elapsed: milliseconds(1),
    queued: milliseconds(0),
  };
}
const TERMS = { id: "theme", deadline: milliseconds(0), priority: 0, passes: 8 };
const NOTHING = { before: undefined, after: undefined, original: undefined };

describe("a mood with a theme", () => {
  test("states it in its first phrase: the melody is given, and the rest of it is written", () => {
    const plan = planAt(0);
    const request = requestFor(plan, NOTHING, TERMS);
    expect(request.given.melody.slice(0, 6).map(({ pitch }) => pitch)).toEqual([
      62, 65, 67, 69, 72, 69,
    ]);
    expect(request.given.bass).toEqual([]);
    const share = request.mask[0]?.melody;
    expect(typeof share === "object" ? share.rewrite : share).toBeCloseTo(0.2, 9);
    expect(request.mask[0]?.bass).toBe("write");
  });

  test("leaves contrasting phrases to the model", () => {
    expect(planAt(2).role).toBe("B");
    expect(planAt(2).theme).toBeUndefined();
  });

  test("is recognised whatever the model writes: bars come back until it is like enough", () => {
    const plan = planAt(0);
    const request = requestFor(plan, NOTHING, TERMS);
    const take = takeFrom(request, heedless(plan.bars.length), plan);
    const { onsetsKept, contour } = likeness(plan.theme?.melody ?? [], take.notes.melody, "4/4");
    expect((onsetsKept + contour) / 2).toBeGreaterThanOrEqual(0.7 - 1e-9);
    expect(take.notes.melody.some(({ at }) => at % 960 === 480)).toBe(true);
  });
});

test("a stinger with a theme plays it note for note, in the mood's key", () => {
  const plan = planStinger({
    mood: mood("far", { key: { tonic: 9, mode: "aeolian" } }),
    stinger: stinger("fanfare", { bars: 2, stems: ["melody", "harmony"] }),
    count: 0,
    seed: 1,
    theme: hero,
  });
  const take = takeFrom(requestFor(plan, NOTHING, TERMS), heedless(2), plan);
  const melody = take.notes.melody.map(({ pitch }) => pitch % 12);
  expect(melody).toEqual([9, 0, 2, 4, 7, 4]);
  expect(take.notes.harmony.length).toBeGreaterThan(0);
});
