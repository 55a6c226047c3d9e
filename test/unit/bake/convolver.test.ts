import { describe, expect, it } from "vitest";
import { CONVOLVER_BLOCK, createConvolver } from "../../../integrations/cli/bake/convolver.ts";
import { randomAt } from "../../../engine/music/random.ts";

const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 2 * randomAt(seed, i) - 1);

/** The definition, at one frame. */
function convolvedAt(input: Float32Array, impulse: Float32Array, frame: number): number {
  let sum = 0;
  for (let i = 0; i < impulse.length && i <= frame; i += 1) {
    sum += (impulse[i] ?? 0) * (input[frame - i] ?? 0);
  }
  return sum;
}

describe("the convolver", () => {
  const impulse = noise(2.5 * CONVOLVER_BLOCK, 1);
  const input = noise(4 * CONVOLVER_BLOCK, 2);

  it("gives what the definition of a convolution gives, across all its blocks", () => {
    const out = createConvolver(impulse)(input);
    for (let frame = 0; frame < input.length; frame += 1009) {
      expect(out[frame]).toBeCloseTo(convolvedAt(input, impulse, frame), 3);
    }
  });

  it("gives the same samples whatever the stretches, and rings on after silence", () => {
    const whole = createConvolver(impulse)(new Float32Array([...input, ...input.map(() => 0)]));
    const convolve = createConvolver(impulse);
    const silence = new Float32Array(CONVOLVER_BLOCK);
    const parts = [0, 1, 2, 3].map((block) =>
      convolve(input.subarray(block * CONVOLVER_BLOCK, (block + 1) * CONVOLVER_BLOCK)),
    );
    const tail = [0, 1, 2, 3].map(() => convolve(silence));
    expect(Float32Array.from([...parts, ...tail].flatMap((part) => [...part]))).toEqual(whole);
    expect(tail[0]?.some((sample) => sample !== 0)).toBe(true);
    expect(tail[3]?.every((sample) => sample === 0)).toBe(true);
  });

  it("refuses a stretch that is no whole number of blocks", () => {
    expect(() => createConvolver(impulse)(new Float32Array(100))).toThrow(RangeError);
  });
});
