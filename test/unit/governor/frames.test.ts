import { describe, expect, test } from "vitest";
import {
  addFrame,
  NO_FRAMES,
  strainOf,
  typicalFrame,
  type Frames,
} from "../../../engine/governor/frames.ts";

const after = (times: readonly number[], from: Frames = NO_FRAMES): Frames =>
  times.reduce(addFrame, from);
const steady = (time: number, count: number): readonly number[] =>
  Array.from({ length: count }, () => time);

const smooth = after(steady(16, 300));

describe("frames", () => {
  test("that all take the same are no strain, however long they take", () => {
    for (const time of [4, 16, 33, 100]) expect(strainOf(after(steady(time, 200)))).toBe(0);
  });

  test("of which some take twice as long strain by the share of time that is lost", () => {
    const everyFourth = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 32 : 16));
    // 16 of 80 ms.
    expect(strainOf(after(everyFourth, smooth))).toBeCloseTo(0.2, 1);
  });

  test("that are well again are soon forgotten", () => {
    const bad = after(steady(80, 30), smooth);
    expect(strainOf(bad)).toBeGreaterThan(0.5);
    expect(strainOf(after(steady(16, 500), bad))).toBeLessThan(0.02);
  });

  test("of a stall say little, and of a longer one nothing", () => {
    expect(strainOf(after([400], smooth))).toBeLessThan(0.15);
    expect(after([5000], smooth)).toEqual(smooth);
  });

  test("that are slow for good become what is typical", () => {
    const slow = after(steady(32, 600), smooth);
    expect(strainOf(slow)).toBeLessThan(0.01);
    expect(typicalFrame(slow)).toBeGreaterThan(22);
    expect(typicalFrame(after(steady(16, 300), slow))).toBeCloseTo(16, 0);
  });

  test("are no strain before half a second of them is known", () => {
    expect(strainOf(after([16, 60, 60, 60]))).toBe(0);
  });

  test("that take no time at all, or none that is a number, are left out", () => {
    expect(after([0, -5, Number.NaN, Infinity], smooth)).toEqual(smooth);
  });
});
