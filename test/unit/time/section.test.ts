import { describe, expect, test } from "vitest";
import {
  barsUntil,
  positionAt,
  secondsOf,
  tempoAt,
  timeOfBar,
} from "../../../engine/time/section.ts";
import { nextSyncPoint } from "../../../engine/time/sync-point.ts";
import { bpm, seconds, ticks, TICKS_PER_QUARTER } from "../../../engine/time/units.ts";

const section = { startsAt: seconds(10), tempo: bpm(60), meter: "4/4" as const };
const GRID = { phraseBars: 4, markers: [{ name: "turn", bar: 2 }] };

describe("section", () => {
  test("a quarter note lasts a second at 60 bpm", () => {
    expect(secondsOf(ticks(TICKS_PER_QUARTER), bpm(60))).toBe(1);
  });

  test("bars are counted from the section's anchor", () => {
    expect(timeOfBar(section, 0)).toBe(10);
    expect(timeOfBar(section, 3)).toBe(22);
  });

  test("the millionth bar is where multiplication puts it: nothing drifts", () => {
    const odd = { startsAt: seconds(0.1), tempo: bpm(97), meter: "3/4" as const };
    expect(timeOfBar(odd, 1_000_000)).toBeCloseTo(0.1 + (1_000_000 * 180) / 97, 6);
  });

  test.each([
    [10, 0, 0],
    [13.999, 0, 3],
    [14, 1, 0],
    [9.5, -1, 3],
  ])("at %f s bar %i, beat %i sounds", (time, bar, beat) => {
    expect(positionAt(section, seconds(time))).toEqual({ bar, beat });
  });

  test("a bar of 6/8 has two beats", () => {
    const compound = { ...section, meter: "6/8" as const };
    expect(positionAt(compound, seconds(11.5))).toEqual({ bar: 0, beat: 1 });
    expect(nextSyncPoint(compound, "beat", GRID, seconds(10.2))).toBe(11.5);
  });
});

describe("sync points", () => {
  test.each([
    ["beat", 10.2, 11],
    ["bar", 10.2, 14],
    ["phrase", 10.2, 26],
    ["beat", 12, 12],
    ["bar", 14, 14],
    ["bar", 14.001, 18],
  ] as const)("the next %s at or after %f s is at %f s", (sync, notBefore, at) => {
    expect(nextSyncPoint(section, sync, GRID, seconds(notBefore))).toBeCloseTo(at, 9);
  });

  test("a section's own beginning is no sync point to leave it at", () => {
    expect(nextSyncPoint(section, "bar", GRID, seconds(9))).toBe(14);
  });

  test("a marker lies in every phrase; one that the mood lacks stands for its phrases", () => {
    expect(nextSyncPoint(section, "marker turn", GRID, seconds(11))).toBe(18);
    expect(nextSyncPoint(section, "marker", GRID, seconds(18.1))).toBe(34);
    expect(nextSyncPoint(section, "marker drop", GRID, seconds(11))).toBe(26);
  });
});

describe("a tempo ramp", () => {
  const ramped = { ...section, startsAt: seconds(0), ramp: { to: bpm(120), bars: 4 } };

  test("is as fast in the middle as it is far, and stays at its end", () => {
    expect(tempoAt(ramped, 2)).toBe(90);
    expect(timeOfBar(ramped, 6) - timeOfBar(ramped, 5)).toBeCloseTo(2, 9);
  });

  test("takes the time that its beats take one by one", () => {
    const steps = 400_000;
    let sum = 0;
    for (let step = 0; step < steps; step += 1) {
      sum += ((60 / tempoAt(ramped, (4 * (step + 0.5)) / steps)) * 16) / steps;
    }
    expect(timeOfBar(ramped, 4)).toBeCloseTo(sum, 6);
  });

  test.each([-1, 0, 0.3, 2, 3.999, 4, 7.5])("bar %f is found again by its time", (bar) => {
    expect(barsUntil(ramped, timeOfBar(ramped, bar))).toBeCloseTo(bar, 9);
  });
});
