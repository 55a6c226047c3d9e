import { describe, expect, test } from "vitest";
import {
  estimate,
  estimateDifference,
  estimateShare,
  exactly,
  mean,
  median,
  percentile,
} from "../../bench/statistics.ts";

const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

describe("percentiles", () => {
  test("lie between the two nearest values, in proportion", () => {
    expect(percentile([10, 20], 0.25)).toBe(12.5);
    expect(percentile(oneToHundred, 0.95)).toBeCloseTo(95.05);
  });

  test("do not depend on the order of the values, and leave it alone", () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });

  test("of a single value are that value; of none they are no number", () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(median([])).toBeNaN();
  });
});

describe("an estimate", () => {
  test("lies within its interval, which lies within the values", () => {
    const { value, low, high, n } = estimate(oneToHundred);
    expect(n).toBe(100);
    expect(value).toBe(50.5);
    expect(low).toBeGreaterThan(35);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high).toBeLessThan(66);
  });

  test("is the same every time", () => {
    expect(estimate([1, 5, 2, 8])).toEqual(estimate([1, 5, 2, 8]));
  });

  test("of equal values has an interval without width", () => {
    expect(estimate([4, 4, 4], mean)).toEqual({ value: 4, low: 4, high: 4, n: 3 });
  });

  test("of a difference covers zero for two like groups and not for unlike ones", () => {
    const like = estimateDifference(oneToHundred, oneToHundred);
    expect(like.value).toBe(0);
    expect(like.low).toBeLessThan(0);
    expect(like.high).toBeGreaterThan(0);
    const more = oneToHundred.map((value) => value + 100);
    expect(estimateDifference(more, oneToHundred).low).toBeGreaterThan(80);
  });

  test("of something counted is exact", () => {
    expect(exactly(3)).toEqual({ value: 3, low: 3, high: 3, n: 1 });
  });
});

describe("a share", () => {
  test("is told in per cent, with the interval of Wilson", () => {
    const { value, low, high, n } = estimateShare(8, 10);
    expect(value).toBe(80);
    expect(low).toBeCloseTo(49.02, 1);
    expect(high).toBeCloseTo(94.33, 1);
    expect(n).toBe(10);
  });

  test("of all or none has an interval, too, within 0 and 100", () => {
    expect(estimateShare(200, 200)).toMatchObject({ value: 100, high: 100 });
    expect(estimateShare(200, 200).low).toBeCloseTo(98.1, 1);
    expect(estimateShare(0, 200).low).toBeCloseTo(0);
  });

  test("of nothing is no number", () => {
    expect(estimateShare(0, 0).value).toBeNaN();
  });
});
