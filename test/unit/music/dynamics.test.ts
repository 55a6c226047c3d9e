import { describe, expect, test } from "vitest";
import type { BarPlan, FormRole } from "../../../engine/music/bar-plan.ts";
import { movementsOf, type HeldManner } from "../../../engine/music/dynamics.ts";
import type { Note } from "../../../engine/music/note.ts";
import { perStem } from "../../../engine/music/stem.ts";
import {
  bpm,
  decibels,
  gainOf,
  midiPitch,
  ticks,
  TICKS_PER_QUARTER,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";

const QUARTER = TICKS_PER_QUARTER;
const BAR = 4 * QUARTER;

const barAt = (intensity: number, role: FormRole = "A"): BarPlan => ({
  meter: "4/4",
  tempo: bpm(100),
  key: { tonic: 0, mode: "ionian" },
  chords: [undefined, undefined],
  role,
  positionInPhrase: 0,
  intensity: unitInterval(intensity),
  valence: 0,
  arousal: unitInterval(0.5),
  style: undefined,
  density: perStem(() => "free"),
});

const note = (at: number, duration: number, pitch = 60): Note => ({
  at: ticks(at),
  duration: ticks(duration),
  pitch: midiPitch(pitch),
  velocity: velocity(80),
});

const STRINGS: HeldManner = {
  swell: { below: unitInterval(0.5), by: decibels(3) },
  tremolo: { from: unitInterval(0.7), depth: unitInterval(0.4) },
};

describe("what is held", () => {
  test("swells where the music is calm, and only if it lasts half a bar", () => {
    const notes = [note(0, 2 * QUARTER), note(2 * QUARTER, QUARTER)];
    expect(movementsOf(notes, STRINGS, [barAt(0.3)])).toEqual([
      { kind: "swell", at: 0, duration: 2 * QUARTER, amount: gainOf(decibels(3)) },
    ]);
  });

  test("trembles where it is driven, from a quarter on", () => {
    const notes = [note(0, QUARTER), note(QUARTER, QUARTER - 1)];
    expect(movementsOf(notes, STRINGS, [barAt(0.7)])).toEqual([
      { kind: "tremolo", at: 0, duration: QUARTER, amount: 0.4 },
    ]);
  });

  test("keeps still between the two, and by the intensity of its own bar", () => {
    const notes = [note(0, BAR), note(BAR, BAR), note(2 * BAR, BAR)];
    const kinds = (...intensities: readonly number[]) =>
      movementsOf(
        notes,
        STRINGS,
        intensities.map((each) => barAt(each)),
      ).map(({ kind, at }) => [kind, at / BAR]);
    expect(kinds(0.6, 0.6, 0.6)).toEqual([]);
    expect(kinds(0.2, 0.6, 0.9)).toEqual([
      ["swell", 0],
      ["tremolo", 2],
    ]);
  });

  test("moves as one chord until the first of its notes ends or another begins", () => {
    const chord = [note(0, BAR, 60), note(0, 3 * QUARTER, 64), note(0, BAR, 67)];
    expect(movementsOf(chord, STRINGS, [barAt(0.1)])[0]?.duration).toBe(3 * QUARTER);
    const over = [note(0, BAR, 60), note(2 * QUARTER, 2 * QUARTER, 72)];
    const moved = movementsOf(over, STRINGS, [barAt(0.1)]);
    expect(moved.map(({ at, duration }) => [at, duration])).toEqual([
      [0, 2 * QUARTER],
      [2 * QUARTER, 2 * QUARTER],
    ]);
  });

  test("of a stinger, or of one that holds still, does not move", () => {
    expect(movementsOf([note(0, BAR)], STRINGS, [barAt(0.1, "stinger")])).toEqual([]);
    expect(movementsOf([note(0, BAR)], {}, [barAt(0.1)])).toEqual([]);
    expect(movementsOf([], STRINGS, [barAt(0.1)])).toEqual([]);
  });
});
