import { describe, expect, test } from "vitest";
import type { FrameMovement } from "../../engine/renderer-worker/service.ts";
import { createMovement } from "../../engine/renderer-worker/voices/movement.ts";
import { frames } from "../../engine/time/units.ts";

const RATE = 44_100;

const moving = (
  kind: FrameMovement["kind"],
  at: number,
  end: number,
  amount: number,
): FrameMovement => ({ kind, at: frames(at), end: frames(end), amount });

/** What becomes of a constant 1 in two seconds, cut into stretches of a size. */
function gains(movements: readonly FrameMovement[], size = 2 * RATE) {
  const left = new Float32Array(2 * RATE).fill(1);
  const right = left.slice();
  const move = createMovement(movements, RATE);
  for (let from = 0; from < left.length; from += size) {
    move?.(left.subarray(from, from + size), right.subarray(from, from + size), from);
  }
  return { left, right };
}

const SWELL = moving("swell", 10_000, 60_000, 1.4);
const TREMOLO = moving("tremolo", 60_500, 85_000, 0.5);

describe("a swell", () => {
  test("grows to its crest and comes back, and leaves what is around it", () => {
    const { left } = gains([SWELL]);
    expect(left.subarray(0, 10_001).every((gain) => gain === 1)).toBe(true);
    expect(left[40_000]).toBeCloseTo(1.4, 4);
    expect(left[25_000]).toBeCloseTo(1.2, 4);
    expect(left[50_000]).toBeCloseTo(1.2, 4);
    expect(left.subarray(60_000).every((gain) => gain === 1)).toBe(true);
  });
});

describe("a tremolo", () => {
  const { left, right } = gains([TREMOLO]);

  test("goes down to its depth at most and never up, some twelve times a second", () => {
    const held = left.subarray(65_000, 82_000);
    expect(Math.max(...held)).toBeLessThanOrEqual(1);
    expect(Math.min(...held)).toBeGreaterThanOrEqual(0.499);
    expect(Math.min(...held)).toBeLessThan(0.6);
    const mean = held.reduce((sum, gain) => sum + gain, 0) / held.length;
    const crossings = held.filter((gain, i) => gain > mean && (held[i - 1] ?? 2) <= mean).length;
    const perSecond = (crossings * RATE) / held.length;
    expect(perSecond).toBeGreaterThan(9);
    expect(perSecond).toBeLessThan(17);
  });

  test("is not the same on both sides", () => {
    const apart = left.reduce(
      (most, gain, i) => Math.max(most, Math.abs(gain - (right[i] ?? 0))),
      0,
    );
    expect(apart).toBeGreaterThan(0.2);
  });
});

describe.each([
  ["a swell", SWELL],
  ["a tremolo", TREMOLO],
])("%s", (_, movement) => {
  test("has no step", () => {
    for (const channel of Object.values(gains([movement]))) {
      for (let i = 1; i < channel.length; i += 1) {
        expect(Math.abs((channel[i] ?? 0) - (channel[i - 1] ?? 0))).toBeLessThan(1e-3);
      }
    }
  });

  test.each([128, 333, 11_025])("is the same in stretches of %i", (size) => {
    const movements = [SWELL, TREMOLO];
    expect(gains(movements, size)).toEqual(gains(movements));
  });
});

test("where nothing moves nothing is done", () => {
  expect(createMovement([], RATE)).toBeUndefined();
});
