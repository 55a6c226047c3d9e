import { describe, expect, test } from "vitest";
import { randomAt } from "../../../engine/music/random.ts";
import { slopeOf } from "../../soak/slope.ts";

const points = (slope: number, noise: number, n = 60) =>
  Array.from({ length: n }, (_, x) => ({ x, y: 5 + slope * x + noise * (randomAt(1, x) - 0.5) }));

describe("a slope", () => {
  test("of a straight line is exact", () => {
    const { value, low, high } = slopeOf(points(0.3, 0));
    expect(value).toBeCloseTo(0.3, 10);
    expect(high - low).toBeLessThan(1e-6);
  });

  test("that is buried in noise has an interval with zero in it, and one that is not has none", () => {
    const flat = slopeOf(points(0, 10));
    expect(flat.low).toBeLessThan(0);
    expect(flat.high).toBeGreaterThan(0);
    expect(slopeOf(points(1, 10)).low).toBeGreaterThan(0.5);
  });

  test("is less certain where neighbours are alike", () => {
    const loose = points(0, 10, 600);
    const alike = loose.map(({ x }) => ({ x, y: loose[Math.floor(x / 6) * 6]?.y ?? 0 }));
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    expect(width(slopeOf(alike))).toBeGreaterThan(1.3 * width(slopeOf(loose)));
  });

  test("of two points is none", () => {
    expect(slopeOf(points(1, 0, 2)).value).toBeNaN();
  });
});
