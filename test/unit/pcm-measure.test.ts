import { describe, expect, it } from "vitest";
import { randomAt } from "../../engine/music/random.ts";
import {
  clicks,
  largestDifference,
  largestStep,
  longestSilence,
  peak,
  rms,
  toDecibels,
  truePeak,
  worstStep,
} from "../helpers/pcm-measure.ts";

const RATE = 44_100;
const make = (length: number, value: (frame: number) => number): Float32Array =>
  Float32Array.from({ length }, (_, frame) => value(frame));
const sine = (length: number, hertz: number, phase = 0): Float32Array =>
  make(length, (frame) => 0.5 * Math.sin((2 * Math.PI * hertz * frame) / RATE + phase));
const noise = (seed: number, frame: number): number => 2 * randomAt(seed, frame) - 1;

/** A kick and a hat four times a second: instant attacks, exponential decays. */
const drums = (length: number): Float32Array =>
  make(length, (frame) => {
    const kick = (frame % 11_025) / RATE;
    const hat = ((frame + 5_512) % 11_025) / RATE;
    const body = Math.sin(2 * Math.PI * (50 * kick + 8 * (1 - Math.exp(-kick * 40))));
    return 0.7 * body * Math.exp(-kick * 12) + 0.3 * noise(7, frame) * Math.exp(-hat * 60);
  });

describe("levels", () => {
  it("knows the peak and the RMS of a sine", () => {
    const samples = sine(RATE, 441);
    expect(peak(samples)).toBeCloseTo(0.5, 5);
    expect(rms(samples)).toBeCloseTo(0.5 / Math.SQRT2, 4);
    expect(toDecibels(0.5)).toBeCloseTo(-6.02, 2);
    expect(rms(new Float32Array(0))).toBe(0);
  });

  it("finds the largest step and the largest difference", () => {
    const samples = Float32Array.of(0, 0.25, 0.125, -0.5, -0.5);
    expect(largestStep(samples)).toBe(0.625);
    expect(largestDifference(samples, Float32Array.of(0, 0.25, 0.5, -0.5, -0.5))).toBe(0.375);
  });

  it("finds the peak between the samples", () => {
    const samples = sine(4_096, RATE / 4, Math.PI / 4);
    expect(peak(samples)).toBeCloseTo(0.5 / Math.SQRT2, 4);
    expect(truePeak(samples.subarray(64))).toBeGreaterThan(0.495);
    expect(truePeak(make(256, () => 0.25))).toBeCloseTo(0.25, 3);
  });
});

describe("silence", () => {
  it("finds a planted gap, where and how long", () => {
    const samples = sine(RATE, 220);
    samples.fill(0, 10_000, 10_882);
    const gap = longestSilence(samples, RATE, -60);
    expect(gap.frame).toBeGreaterThanOrEqual(9_990);
    expect(gap.frame).toBeLessThanOrEqual(10_000);
    expect(gap.duration).toBeCloseTo(0.02, 3);
  });

  it("does not take zero crossings for gaps, and counts a silent end", () => {
    expect(longestSilence(sine(RATE, 220), RATE, -60).duration).toBeLessThan(0.0005);
    expect(longestSilence(new Float32Array(RATE), RATE, -90)).toEqual({ frame: 0, duration: 1 });
    expect(longestSilence(new Float32Array(0), RATE, -90).duration).toBe(0);
  });
});

describe("clicks", () => {
  it("finds a planted step in a tone, where and how high", () => {
    const samples = sine(RATE, 220);
    for (let frame = 20_000; frame < samples.length; frame += 1) {
      samples[frame] = (samples[frame] ?? 0) + 0.02;
    }
    const [click] = clicks(samples);
    expect(Math.abs((click?.frame ?? 0) - 20_000)).toBeLessThanOrEqual(1);
    expect(click?.size).toBeCloseTo(0.02, 2);
    expect(Math.abs(worstStep(samples).frame - 20_000)).toBeLessThanOrEqual(1);
  });

  it("finds one lost sample, a jump of phase and a tone cut off", () => {
    const lost = sine(RATE, 330);
    lost[9_000] = 0.1;
    const jump = sine(RATE, 330);
    jump.set(sine(RATE - 15_000, 330, 2), 15_000);
    const cut = sine(RATE, 330, 1);
    cut.fill(0, 22_000);
    const found = [lost, jump, cut].map((samples) => clicks(samples)[0]?.frame ?? -1);
    expect(Math.abs((found[0] ?? 0) - 9_000)).toBeLessThanOrEqual(1);
    expect(Math.abs((found[1] ?? 0) - 15_000)).toBeLessThanOrEqual(1);
    expect(Math.abs((found[2] ?? 0) - 22_000)).toBeLessThanOrEqual(1);
  });

  it("lets drums, tones and noise pass", () => {
    const smooth = [drums(4 * RATE), sine(RATE, 55), sine(RATE, 9_000)];
    const loud = make(4 * RATE, (frame) => 0.5 * noise(3, frame));
    for (const samples of [...smooth, loud]) expect(clicks(samples)).toEqual([]);
  });

  it("finds a click between drums", () => {
    const samples = drums(2 * RATE);
    samples[32_000] = (samples[32_000] ?? 0) + 0.05;
    const found = clicks(samples).map(({ frame }) => frame);
    expect(found.length).toBeGreaterThan(0);
    for (const frame of found) expect(Math.abs(frame - 32_000)).toBeLessThanOrEqual(1);
  });

  it("has nothing to say of silence", () => {
    expect(clicks(new Float32Array(RATE))).toEqual([]);
    expect(worstStep(new Float32Array(RATE))).toEqual({ frame: -1, size: 0, ratio: 0 });
  });
});
