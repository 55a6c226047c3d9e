import { describe, expect, test } from "vitest";
import { layerGain } from "../../../engine/director/layers.ts";
import { unitInterval } from "../../../engine/time/units.ts";

describe("the level of a stem", () => {
  test("is always full from a threshold of 0", () => {
    expect(layerGain(unitInterval(0), 0)).toBe(1);
  });

  test("goes up around its threshold, half way at it", () => {
    const at = (intensity: number): number => layerGain(unitInterval(0.5), intensity);
    expect([at(0.41), at(0.5), at(0.59)]).toEqual([0, 0.5, 1]);
  });

  test("is straight between the points of a curve and level beyond them", () => {
    const curve = [
      [0.3, 0.2],
      [0.6, 0.8],
      [0.9, 0],
    ] as const;
    const at = (intensity: number): number => layerGain(curve, intensity);
    expect(at(0)).toBe(0.2);
    expect(at(0.45)).toBeCloseTo(0.5);
    expect(at(0.75)).toBeCloseTo(0.4);
    expect(at(1)).toBe(0);
  });
});
