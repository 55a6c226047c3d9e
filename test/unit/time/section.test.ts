import { describe, expect, test } from "vitest";
import { nextSyncPoint, positionAt, secondsOf, timeOfBar } from "../../../engine/time/section.ts";
import { bpm, seconds, ticks, TICKS_PER_QUARTER } from "../../../engine/time/units.ts";

const section = { startsAt: seconds(10), tempo: bpm(60), meter: "4/4" as const };

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
    expect(nextSyncPoint(compound, "beat", 4, seconds(10.2))).toBe(11.5);
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
    expect(nextSyncPoint(section, sync, 4, seconds(notBefore))).toBeCloseTo(at, 9);
  });

  test("a section's own beginning is no sync point to leave it at", () => {
    expect(nextSyncPoint(section, "bar", 4, seconds(9))).toBe(14);
  });
});
