import { describe, expect, test } from "vitest";
import {
  createNovelty,
  familiarity,
  isStale,
  remember,
  type Novelty,
} from "../../../engine/composer/novelty.ts";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { midiPitch, ticks, unitInterval, velocity } from "../../../engine/time/units.ts";
import { mood } from "../../helpers/score.ts";

const plan = (index: number) =>
  planPhrase({ mood: mood("calm"), visit: 0, index, intensity: unitInterval(0.5), seed: 1 });

/** Four bars of quarters: a melody for each number, moved by some semitones. */
function take(tune: number, by = 0): PhraseTake {
  const melody = Array.from({ length: 16 }, (_, note) => ({
    at: ticks(note * 960),
    duration: ticks(960),
    pitch: midiPitch(60 + by + ((note * (tune + 1) * 7 + Math.floor(note / 4) * tune) % 12)),
    velocity: velocity(80),
  }));
  return {
    source: "model",
    bars: plan(0).bars,
    notes: perStem((stem) => (stem === "melody" ? melody : [])),
  };
}

const after = (...takes: readonly PhraseTake[]): Novelty =>
  takes.reduce((memory, heard) => remember(memory, heard), createNovelty());

describe("the memory for melodies", () => {
  test("knows nothing at first, and then what it has heard", () => {
    expect(familiarity(createNovelty(), take(1))).toBe(0);
    expect(familiarity(after(take(1)), take(1))).toBe(1);
    expect(familiarity(after(take(1)), take(2))).toBeLessThan(0.2);
  });

  test("knows a tune in any key", () => {
    expect(familiarity(after(take(1)), take(1, 5))).toBe(1);
  });

  test("takes the same notes in another rhythm for another tune", () => {
    const known = take(1);
    const late = known.notes.melody.map((note, index) => ({
      ...note,
      at: ticks(note.at + (index % 2) * 240),
    }));
    const moved = { ...known, notes: { ...known.notes, melody: late } };
    expect(familiarity(after(known), moved)).toBe(0);
  });

  test("forgets by half in 24 phrases", () => {
    const others = Array.from({ length: 24 }, (_, tune) => ({
      ...take(1),
      notes: perStem(() => take(1).notes.melody.slice(0, 1 + (tune % 2))),
    }));
    expect(familiarity(after(take(1), ...others), take(1))).toBeCloseTo(0.5);
  });

  test("hears a half that is known as less than half: no two bars in a row lead into the rest", () => {
    const half = { ...varied(1), notes: perStem(() => varied(1).notes.melody.slice(0, 8)) };
    expect(familiarity(after(half), varied(1))).toBeCloseTo(0.4);
  });

  test("leaves a phrase without a melody alone", () => {
    const silent = { ...take(1), notes: perStem(() => []) };
    expect(familiarity(after(silent, take(1)), silent)).toBe(0);
  });

  test("stays within 512 fragments, the latest, and survives JSON", () => {
    const takes = Array.from({ length: 200 }, (_, tune) => varied(tune));
    const memory = after(...takes);
    expect(memory.heard).toHaveLength(512);
    expect(familiarity(memory, varied(199))).toBe(1);
    expect(familiarity(memory, varied(0))).toBe(0);
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
  });

  test("finds a new phrase stale that is mostly known", () => {
    const memory = after(take(1));
    expect(plan(0).origin.kind).toBe("fresh");
    expect(isStale(memory, plan(0), { take: take(1), before: undefined })).toBe(true);
    expect(isStale(memory, plan(0), { take: take(2), before: take(1) })).toBe(false);
  });

  test("finds a new phrase stale of which more than half is known", () => {
    const begun = (bars: number): Novelty =>
      after({ ...varied(1), notes: perStem(() => varied(1).notes.melody.slice(0, 4 * bars)) });
    const stale = (bars: number): boolean =>
      isStale(begun(bars), plan(0), { take: varied(1), before: undefined });
    expect([familiarity(begun(2), varied(1)), stale(2)]).toEqual([expect.closeTo(0.4), false]);
    expect([familiarity(begun(3), varied(1)), stale(3)]).toEqual([expect.closeTo(0.7), true]);
  });

  test("finds a variation stale only where it is the melody before it, note for note", () => {
    const memory = after(take(1), take(2));
    expect(plan(1).origin.kind).toBe("variation");
    expect(isStale(memory, plan(1), { take: take(1), before: take(1) })).toBe(true);
    expect(isStale(memory, plan(1), { take: take(1), before: take(2) })).toBe(false);
    expect(isStale(memory, plan(1), { take: take(1), before: undefined })).toBe(false);
    const silent = { ...take(1), notes: perStem(() => []) };
    expect(isStale(memory, plan(1), { take: silent, before: silent })).toBe(false);
  });
});

/** A melody that shares no bar with that of another number: each bar begins by two intervals of its own. */
function varied(tune: number): PhraseTake {
  const melody = Array.from({ length: 16 }, (_, note) => {
    const bar = 4 * tune + Math.floor(note / 4);
    const digits = [0, bar % 10, Math.floor(bar / 10) % 10, Math.floor(bar / 100)];
    return {
      at: ticks(note * 960),
      duration: ticks(960),
      pitch: midiPitch(60 + (digits[note % 4] ?? 0)),
      velocity: velocity(80),
    };
  });
  return { ...take(0), notes: perStem((stem) => (stem === "melody" ? melody : [])) };
}
