import { Timeline } from "tone";
import { describe, expect, it, vi } from "vitest";
import type { Deck } from "../../engine/audio/deck.ts";
import { decibels, seconds, type Seconds } from "../../engine/time/units.ts";
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
const PLAIN = { brightness: 1, level: decibels(0) };

/** A burst of noise on the left alone. */
const renderBurst = (send: number): Promise<Rendered> =>
  renderDeck({
    length: 2.5,
    script: (deck) => {
      deck.setColour({ ...PLAIN, room: send, at: now, ramp: now });
      deck.open("a", { at: now, fade: now });
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

describe("a voice from the side", () => {
  const heardFrom = (pan: number): Promise<Rendered> =>
    renderDeck({
      length: 1.5,
      script: (deck) => {
        deck.open("a", { at: AT, fade: now, pan });
        deck.play("a", chunkOf(RATE, sine(500, 0.2), sine(700, 0.2)), AT);
      },
    });
  const levels = ({ left, right, heardAt }: Rendered): readonly number[] =>
    [left, right].map((side) => rms(side.subarray(heardAt(0.4), heardAt(1))));

  it("is on the side where it was put, with all that it has, and as it is in the middle", async () => {
    const [middle = 0] = levels(await heardFrom(0));
    const [left = 0, none = 1] = levels(await heardFrom(-1));
    expect(none).toBeLessThan(1e-4);
    expect(left / middle).toBeCloseTo(Math.SQRT2, 2);
    const [less = 1, more = 0] = levels(await heardFrom(0.5));
    expect(less / middle).toBeCloseTo(Math.SQRT1_2, 2);
    expect(more / middle).toBeCloseTo(Math.sqrt(1.5), 2);
  });
});

describe("levels", () => {
  it("ramp on time; at zero the voice plays on, unheard", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, (frame) => 0.3 * (frame / (2 * RATE)), { length: 2 * RATE, from: now });
        deck.setLevel("a", 0, { at: seconds(0.4), ramp: seconds(0.2) });
        deck.setLevel("a", 1, { at: seconds(1), ramp: seconds(0.2) });
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

  it("turn round in mid-ramp without a jump, and are clamped", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        deck.setLevel("a", -1, { at: seconds(0.4), ramp: seconds(0.4) });
      },
      later: [
        {
          at: 0.55,
          call: (deck) => deck.setLevel("a", 7, { at: seconds(0.6), ramp: seconds(0.2) }),
        },
      ],
    });
    expect(left[heardAt(0.6)]).toBeCloseTo(0.1, 3);
    expect(left[heardAt(0.7)]).toBeCloseTo(0.15, 3);
    expect(left[heardAt(0.9)]).toBeCloseTo(0.2, 3);
    expect(largestStep(left.subarray(heardAt(0.3)))).toBeLessThan(1e-4);
  });

  it("change on their very frame when the ramp is 0", async () => {
    const frame = 15_001;
    const { left, heardAt } = await renderDeck({
      length: 0.6,
      script: (deck) => {
        sound(deck, constant(0.2), { from: now });
        deck.setLevel("a", 0.5, { at: seconds(frame / RATE), ramp: now });
      },
    });
    const first = heardAt(frame / RATE);
    expect(left[first - 1]).toBeCloseTo(0.2, 4);
    expect(left[first]).toBeCloseTo(0.1, 4);
  });

  it("of two voices do not influence each other", async () => {
    const { left, right, heardAt } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        deck.open("old", { at: now, fade: now });
        deck.open("new", { at: now, fade: now, level: 0.25 });
        deck.play("old", chunkOf(2 * RATE, constant(0.2), constant(0)), now);
        deck.play("new", chunkOf(2 * RATE, constant(0), constant(0.2)), now);
        deck.setLevel("old", 0.5, { at: seconds(0.5), ramp: now });
        deck.setLevel("new", 1, { at: seconds(0.8), ramp: seconds(0.2) });
      },
    });
    const heard = (time: number) => [left[heardAt(time)], right[heardAt(time)]] as const;
    for (const [time, old, young] of [
      [0.4, 0.2, 0.05],
      [0.6, 0.1, 0.05],
      [0.9, 0.1, 0.125],
      [1.2, 0.1, 0.2],
    ] as const) {
      expect(heard(time)[0]).toBeCloseTo(old, 3);
      expect(heard(time)[1]).toBeCloseTo(young, 3);
    }
  });

  it.each<[string, (deck: Deck, at: Seconds) => void]>([
    ["given to open", (deck, at) => deck.open("a", { at, fade: now, level: 0.25 })],
    [
      "set for the moment of opening",
      (deck, at) => {
        deck.open("a", { at, fade: now });
        deck.setLevel("a", 0.25, { at, ramp: now });
      },
    ],
  ])("%s are heard from the first frame", async (_, open) => {
    const at = seconds(15_001 / RATE);
    const { left, heardAt } = await renderDeck({
      length: 0.8,
      script: (deck) => {
        open(deck, at);
        deck.play("a", chunkOf(RATE, constant(0.4)), at);
      },
    });
    const first = heardAt(at);
    expect(peak(left.subarray(0, first))).toBe(0);
    const heard = left.subarray(first, first + 10_000);
    expect(largestDifference(heard, new Float32Array(10_000).fill(0.1))).toBeLessThan(1e-4);
  });

  it("multiply with the fades, also while the voice is closing", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        deck.close("a", { at: seconds(0.4), fade: seconds(0.8) });
        deck.setLevel("a", 0.5, { at: seconds(0.4), ramp: seconds(0.2) });
      },
    });
    const fade = (time: number): number => Math.cos(((time - 0.4) / 0.8) * (Math.PI / 2));
    expect(left[heardAt(0.5)]).toBeCloseTo(0.2 * fade(0.5) * 0.75, 3);
    expect(left[heardAt(0.8)]).toBeCloseTo(0.2 * fade(0.8) * 0.5, 3);
    expect(largestStep(left.subarray(heardAt(0.3)))).toBeLessThan(1e-4);
  });

  it("ignore NaN and unknown voices, and clamp what open is given", async () => {
    const { left, right, heardAt } = await renderDeck({
      length: 0.8,
      script: (deck) => {
        deck.open("a", { at: now, fade: now, level: 3 });
        deck.open("b", { at: now, fade: now, level: Number.NaN });
        deck.play("a", chunkOf(RATE, constant(0.2), constant(0)), now);
        deck.play("b", chunkOf(RATE, constant(0), constant(0.1)), now);
        deck.setLevel("a", Number.NaN, { at: seconds(0.2), ramp: now });
        deck.setLevel("unknown", 0, { at: now, ramp: now });
        expect(deck.held.voices).toBe(2);
      },
    });
    expect(left[heardAt(0.5)]).toBeCloseTo(0.2, 3);
    expect(right[heardAt(0.5)]).toBeCloseTo(0.1, 3);
  });
});

describe("mix", () => {
  it.each([
    ["noise", noise(5, 4)],
    ["drums", (frame: number) => Math.exp(-(frame % 11_025) / 3_000) * noise(6, 5)(frame)],
    ["a square", (frame: number) => (frame % 100 < 50 ? 3 : -3)],
    ["a sine between the samples", (frame: number) => 4 * Math.sin((frame + 0.5) * (Math.PI / 2))],
  ])("keeps %s at +12 dB under a true peak of -1 dB", async (_, value) => {
    const { left } = await renderDeck({
      length: 1.5,
      script: (deck) => {
        deck.setColour({ ...PLAIN, room: 1, at: now, ramp: now });
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
        for (const voice of ["a", "b", "c", "d", "e"]) sound(deck, sine(300, 0.07), { voice });
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
        deck.open("a", { at: now, fade: now });
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

describe("the mix over hours", () => {
  it("remembers nothing of what was planned: Tone's own record of a parameter grows with every change", async () => {
    const remember = vi.spyOn(Timeline.prototype, "add");
    await renderDeck({
      length: 0.2,
      script: (deck) => {
        sound(deck, sine(500, 0.3));
        remember.mockClear();
        for (let index = 0; index < 20; index += 1) {
          const at = seconds(index / 100);
          const share = (index % 5) / 5;
          deck.setLevel("a", share, { at, ramp: seconds(0.005) });
          deck.dip("a", [{ at, to: share }]);
          const colour = { room: share, brightness: share, level: decibels(-index) };
          deck.setColour({ ...colour, at, ramp: seconds(0.005) });
          const until = seconds(at + 0.01);
          const [attack, release] = [seconds(0.005), seconds(0.005)];
          deck.duck(`duck ${index}`, { by: decibels(-6), at, attack, until, release });
          deck.setVolume(decibels(-index));
        }
      },
    });
    expect(remember).not.toHaveBeenCalled();
    remember.mockRestore();
  });
});
