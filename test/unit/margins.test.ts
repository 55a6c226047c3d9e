import { describe, expect, test } from "vitest";
import { Margins } from "../../engine/margins.ts";
import { milliseconds } from "../../engine/time/units.ts";

const after = (values: readonly number[]): readonly (number | undefined)[] => {
  const margins = new Margins();
  for (const value of values) margins.add(milliseconds(value));
  return [margins.least, margins.median];
};

describe("margins", () => {
  test("are unknown before the first answer", () => {
    expect(after([])).toEqual([undefined, undefined]);
  });

  test("have their least and their middle one, in whatever order they came", () => {
    expect(after([7])).toEqual([7, 7]);
    expect(after([300, -20, 500, 100])).toEqual([-20, 300]);
    expect(after([5, 0, 9])).toEqual([0, 5]);
  });

  test("are forgotten after 64 others", () => {
    const later = Array.from({ length: 64 }, (_, index) => index + 10);
    expect(after([-99, ...later])).toEqual([10, 42]);
  });
});
