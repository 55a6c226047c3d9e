import { describe, expect, test } from "vitest";
import type { Tone } from "../../engine/renderer-worker/service.ts";
import { createTone } from "../../engine/renderer-worker/voices/tone.ts";
import { decibels } from "../../engine/time/units.ts";

const RATE = 44_100;
const SECOND = RATE;

const sine = (hertz: number, length = SECOND): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, frame) => Math.sin((2 * Math.PI * hertz * frame) / RATE));

/** The second half of a second of a sine through the filters, in decibels against what went in. */
function response(tone: Tone, hertz: number, rate = RATE): number {
  const left = sine(hertz);
  const right = left.map((sample) => -sample);
  createTone(tone, rate)?.(left, right, SECOND);
  expect(left.every((sample, i) => sample + (right[i] ?? 0) === 0)).toBe(true);
  const energy = left.subarray(SECOND / 2).reduce((sum, sample) => sum + sample * sample, 0);
  return 10 * Math.log10(energy / (SECOND / 4));
}

describe("the tone of a voice", () => {
  test("cuts the lows: 3 dB at its frequency, 12 dB an octave below, nothing far above", () => {
    const tone = { lowCut: 200 };
    expect(response(tone, 200)).toBeCloseTo(-3, 1);
    expect(response(tone, 100)).toBeCloseTo(-12.3, 1);
    expect(response(tone, 50)).toBeCloseTo(-24.1, 1);
    expect(response(tone, 2_000)).toBeCloseTo(0, 1);
  });

  test("dips around a frequency by as much as it says, and leaves what is far away", () => {
    const tone = { bell: { hertz: 1_300, gain: decibels(-4), q: 0.7 } };
    expect(response(tone, 1_300)).toBeCloseTo(-4, 1);
    expect(response(tone, 650)).toBeLessThan(-1);
    expect(response(tone, 50)).toBeCloseTo(0, 1);
    expect(response(tone, 18_000)).toBeCloseTo(0, 0);
  });

  test("lifts the highs: half of it at its frequency, all of it far above, nothing far below", () => {
    const tone = { shelf: { hertz: 4_000, gain: decibels(3) } };
    expect(response(tone, 4_000)).toBeCloseTo(1.5, 1);
    expect(response(tone, 16_000)).toBeCloseTo(3, 0);
    expect(response(tone, 200)).toBeCloseTo(0, 1);
  });

  test("a dip and a lift of one size undo each other", () => {
    const bell = { hertz: 900, q: 0.8 };
    const left = sine(700);
    const right = sine(1_900);
    for (const gain of [-5, 5]) {
      createTone({ bell: { ...bell, gain: decibels(gain) } }, RATE)?.(left, right, SECOND);
    }
    const worst = sine(700).reduce(
      (most, sample, i) => Math.max(most, Math.abs(sample - (left[i] ?? 0))),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
  });

  test("has the same samples however it is cut", () => {
    const tone = {
      lowCut: 90,
      bell: { hertz: 1_300, gain: decibels(-3), q: 0.6 },
      shelf: { hertz: 5_000, gain: decibels(2) },
    };
    const whole = [sine(440), sine(880)] as const;
    createTone(tone, RATE)?.(...whole, SECOND);
    const cut = [sine(440), sine(880)] as const;
    const filter = createTone(tone, RATE);
    for (let from = 0, size = 1; from < SECOND; from += size, size = (size * 7) % 129 || 1) {
      const [left, right] = cut.map((channel) => channel.subarray(from, from + size));
      if (left !== undefined && right !== undefined) filter?.(left, right, left.length);
    }
    expect(cut[0]).toEqual(whole[0]);
    expect(cut[1]).toEqual(whole[1]);
  });

  test("comes to exact silence after a sound", () => {
    const filter = createTone({ lowCut: 30, shelf: { hertz: 5_000, gain: decibels(2) } }, RATE);
    filter?.(sine(440, 1_000), sine(440, 1_000), 1_000);
    const [left, right] = [new Float32Array(128), new Float32Array(128)];
    for (let block = 0; block < 1_000; block += 1) {
      left.fill(0);
      right.fill(0);
      filter?.(left, right, 128);
    }
    expect([...left, ...right].every((sample) => sample === 0)).toBe(true);
  });

  test("is nothing where nothing is asked for", () => {
    expect(createTone(undefined, RATE)).toBeUndefined();
    expect(createTone({}, RATE)).toBeUndefined();
  });

  test("stays stable where the sample rate is too low for its frequencies", () => {
    const tone = { shelf: { hertz: 9_000, gain: decibels(6) }, lowCut: 3_900 };
    expect(Number.isFinite(response(tone, 1_000, 8_000))).toBe(true);
  });
});
