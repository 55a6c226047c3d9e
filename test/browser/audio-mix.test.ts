import { describe, expect, it } from "vitest";
import { STEMS } from "../../engine/music/stem.ts";
import { decibels, seconds } from "../../engine/time/units.ts";
import {
  largestDifference,
  largestStep,
  peak,
  rms,
  toDecibels,
  truePeak,
} from "../helpers/pcm-measure.ts";
import { chunkOf, renderDeck, sound, type Rendered } from "../helpers/pcm-render.ts";
import { constant, noise, RATE, sine } from "../helpers/pcm-signals.ts";

const AT = seconds(0.25);
const now = seconds(0);

/** A burst of noise on the left alone. */
const renderBurst = (send: number): Promise<Rendered> =>
  renderDeck({
    length: 2.5,
    script: (deck) => {
      deck.setRoom({ send, at: now, ramp: now });
      deck.open("a", { stem: "melody", at: now, fade: now });
      const burst = chunkOf(2_000, noise(8, 0.3), constant(0));
      deck.play("a", burst, AT);
    },
  });

const renderAtVolume = (level: number): Promise<Rendered> =>
  renderDeck({
    length: 0.8,
    script: (deck) => {
      deck.setVolume(decibels(level));
      sound(deck, sine(500, 0.3));
    },
  });

describe("mix", () => {
  it("ramps a layer on time; at zero its clock goes on", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, (frame) => 0.3 * (frame / (2 * RATE)), { length: 2 * RATE, from: now });
        deck.setLayer("melody", 0, { at: seconds(0.4), ramp: seconds(0.2) });
        deck.setLayer("melody", 1, { at: seconds(1), ramp: seconds(0.2) });
        deck.setLayer("bass", 0, { at: now, ramp: now });
      },
    });
    const level = (time: number): number => (left[heardAt(time)] ?? 0) / (0.3 * (time / 2));
    expect(level(0.4)).toBeCloseTo(1, 3);
    expect(level(0.5)).toBeCloseTo(0.5, 2);
    expect(peak(left.subarray(heardAt(0.6), heardAt(1)))).toBeLessThan(1e-6);
    expect(level(1.1)).toBeCloseTo(0.5, 2);
    expect(level(1.2)).toBeCloseTo(1, 3);
    expect(level(1.8)).toBeCloseTo(1, 3);
  });

  it("turns a layer round in mid-ramp without a jump, and clamps its gain", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        deck.setLayer("melody", -1, { at: seconds(0.4), ramp: seconds(0.4) });
      },
      later: [
        {
          at: 0.55,
          call: (deck) => deck.setLayer("melody", 7, { at: seconds(0.6), ramp: seconds(0.2) }),
        },
      ],
    });
    expect(left[heardAt(0.6)]).toBeCloseTo(0.1, 3);
    expect(left[heardAt(0.7)]).toBeCloseTo(0.15, 3);
    expect(left[heardAt(0.9)]).toBeCloseTo(0.2, 3);
    expect(largestStep(left.subarray(heardAt(0.3)))).toBeLessThan(1e-4);
  });

  it.each([
    ["noise", noise(5, 4)],
    ["drums", (frame: number) => Math.exp(-(frame % 11_025) / 3_000) * noise(6, 5)(frame)],
    ["a square", (frame: number) => (frame % 100 < 50 ? 3 : -3)],
    ["a sine between the samples", (frame: number) => 4 * Math.sin((frame + 0.5) * (Math.PI / 2))],
  ])("keeps %s at +12 dB under a true peak of -1 dB", async (_, value) => {
    const { left } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        deck.setRoom({ send: 1, at: now, ramp: now });
        sound(deck, value);
      },
    });
    expect(toDecibels(peak(left))).toBeLessThanOrEqual(-3);
    expect(toDecibels(truePeak(left))).toBeLessThanOrEqual(-1);
    expect(toDecibels(peak(left))).toBeGreaterThan(-9);
  });

  it("leaves what is not loud as it was", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1,
      script: (deck) => {
        for (const stem of STEMS) sound(deck, sine(300, 0.07), { stem });
      },
    });
    const expected = Float32Array.from({ length: 20_000 }, (_, frame) => sine(300, 0.35)(frame));
    const heard = left.subarray(heardAt(AT), heardAt(AT) + 20_000);
    expect(largestDifference(heard, expected)).toBeLessThan(1e-3);
  });

  it("adds a tail to the room, keeps the stereo and is silent without a send", async () => {
    const dry = await renderBurst(0);
    const wet = await renderBurst(0.5);
    const tail = (samples: Float32Array, from: number): number =>
      rms(samples.subarray(wet.heardAt(from), wet.heardAt(from + 0.1)));
    expect(peak(dry.left.subarray(dry.heardAt(0.4)))).toBe(0);
    expect(tail(wet.left, 0.4)).toBeGreaterThan(1e-3);
    expect(toDecibels(tail(wet.left, 1.2) / tail(wet.left, 0.4))).toBeCloseTo(-30, -1);
    expect(peak(wet.right)).toBe(0);
  });

  it("keeps left and right apart", async () => {
    const { left, right } = await renderDeck({
      length: 1,
      script: (deck) => {
        deck.open("a", { stem: "melody", at: now, fade: now });
        deck.play("a", chunkOf(RATE / 2, constant(0), sine(500, 0.3)), AT);
      },
    });
    expect(peak(left)).toBe(0);
    expect(peak(right)).toBeGreaterThan(0.29);
  });

  it("sets the volume after the limiter, never above 0 dB", async () => {
    const full = await renderAtVolume(12);
    const half = await renderAtVolume(-6);
    const silent = await renderAtVolume(-60);
    expect(peak(full.left)).toBeCloseTo(0.3, 2);
    expect(peak(half.left)).toBeCloseTo(0.3 * 10 ** (-6 / 20), 2);
    expect(peak(silent.left)).toBe(0);
  });
});
