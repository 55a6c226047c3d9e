import { describe, expect, test } from "vitest";
import { randomAt } from "../../engine/music/random.ts";
import { bestLag } from "../helpers/alignment.ts";

const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => randomAt(seed, index) - 0.5);

/** A signal that begins `lag` frames after index 16, under another one. */
function heard(expected: Float32Array, lag: number): Float32Array {
  const result = noise(expected.length + 64, 2).map((sample) => sample / 2);
  for (const [index, sample] of expected.entries()) {
    const at = 16 + lag + index;
    result[at] = (result[at] ?? 0) + sample;
  }
  return result;
}

describe("alignment", () => {
  test.each([0, 1, -1, 3, -16, 16])("finds a signal that comes %i frames late", (lag) => {
    const expected = noise(4000, 1);
    expect(bestLag(heard(expected, lag), expected, 16)).toBe(lag);
  });
});
