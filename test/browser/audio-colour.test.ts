import { describe, expect, it } from "vitest";
import type { Deck } from "../../engine/audio/deck.ts";
import { decibels, seconds } from "../../engine/time/units.ts";
import {
  clicks,
  largestDifference,
  largestStep,
  peak,
  toDecibels,
} from "../helpers/pcm-measure.ts";
import { chunkOf, renderDeck, sound, type Rendered } from "../helpers/pcm-render.ts";
import { constant, noise, RATE, sine, type Signal } from "../helpers/pcm-signals.ts";

const now = seconds(0);
const PLAIN = { room: 0, brightness: 1, level: decibels(0), at: now, ramp: now };

/** Half a second of a signal in a colour. */
const renderIn = (
  value: Signal,
  colour: Partial<Parameters<Deck["setColour"]>[0]>,
): Promise<Rendered> =>
  renderDeck({
    length: 0.6,
    script: (deck) => {
      deck.setColour({ ...PLAIN, ...colour });
      sound(deck, value, { from: now });
    },
  });

/** The level of a sine in decibels, against how loud it was. */
async function response(hertz: number, brightness: number): Promise<number> {
  const { left, heardAt } = await renderIn(sine(hertz, 0.2), { brightness });
  return toDecibels(peak(left.subarray(heardAt(0.2), heardAt(0.5))) / 0.2);
}

describe("brightness", () => {
  it("at 1 leaves noise as it is, also after it was dark", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1,
      script: (deck) => {
        deck.setColour({ ...PLAIN, brightness: 0, ramp: seconds(0.05) });
        deck.setColour({ ...PLAIN, at: seconds(0.1), ramp: seconds(0.05) });
        sound(deck, noise(3, 0.3));
      },
    });
    const dry = Float32Array.from({ length: 20_000 }, (_, frame) => noise(3, 0.3)(frame));
    expect(largestDifference(dry, left.subarray(heardAt(0.25)))).toBeLessThan(1e-4);
    expect(Math.abs(await response(10_000, 1))).toBeLessThan(0.1);
  });

  it("at 0 lets 100 Hz through and takes 3 kHz away, without a peak", async () => {
    expect(Math.abs(await response(100, 0))).toBeLessThan(0.2);
    expect(await response(300, 0)).toBeCloseTo(-3, 0);
    expect(await response(3_000, 0)).toBeLessThan(-38);
  });

  it("is even in octaves: in the middle it cuts off at 2449 Hz", async () => {
    expect(await response(2_449, 0.5)).toBeCloseTo(-3, 0);
    expect(Math.abs(await response(600, 0.5))).toBeLessThan(0.2);
  });

  it("glides without a click, there and back", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, sine(2_000, 0.3), { length: 2 * RATE, from: now });
        deck.setColour({ ...PLAIN, brightness: -3, at: seconds(0.3), ramp: seconds(0.5) });
        deck.setColour({ ...PLAIN, brightness: 9, at: seconds(1), ramp: seconds(0.5) });
      },
    });
    expect(peak(left.subarray(heardAt(0.85), heardAt(1)))).toBeLessThan(0.01);
    expect(peak(left.subarray(heardAt(1.6), heardAt(1.9)))).toBeCloseTo(0.3, 2);
    expect(clicks(left.subarray(0, heardAt(1.9)))).toEqual([]);
  });
});

describe("a voice's share of the room", () => {
  /** Power of what rings on after a burst, in decibels, left and right. */
  async function tail(room: number | undefined): Promise<readonly number[]> {
    const { left, right, heardAt } = await renderDeck({
      length: 1,
      script: (deck) => {
        deck.setColour({ ...PLAIN, room: 0.8 });
        deck.open("a", { at: now, fade: now, ...(room === undefined ? {} : { room }) });
        const burst = chunkOf(8_000, noise(5, 0.3), constant(0));
        deck.play("a", burst, now);
      },
    });
    return [left, right].map((channel) => {
      const rest = channel.subarray(heardAt(0.25), heardAt(0.9));
      return toDecibels(Math.sqrt(rest.reduce((sum, x) => sum + x * x, 0) / rest.length));
    });
  }

  it("is all of it unless it says otherwise, and half of it is 6 dB less, on its own side", async () => {
    const [whole = 0, otherSide = 0] = await tail(undefined);
    expect(whole).toBeGreaterThan(-50);
    expect(otherSide).toBeLessThan(-100);
    expect((await tail(1))[0]).toBeCloseTo(whole, 2);
    expect((await tail(0.5))[0]).toBeCloseTo(whole - 6.02, 1);
    expect((await tail(Number.NaN))[0]).toBeCloseTo(whole, 2);
  });

  it("of nothing leaves it dry", async () => {
    expect((await tail(0))[0]).toBeLessThan(-100);
  });
});

describe("the level of a colour", () => {
  it("ramps as a linear gain, is 0 dB at most and silent from -60 dB", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        const level = (db: number, at: number): void =>
          deck.setColour({ ...PLAIN, level: decibels(db), at: seconds(at), ramp: seconds(0.2) });
        level(12, 0.1);
        level(-60, 0.5);
        level(-6.0206, 1);
      },
    });
    expect(left[heardAt(0.4)]).toBeCloseTo(0.2, 3);
    expect(left[heardAt(0.6)]).toBeCloseTo(0.1, 3);
    expect(peak(left.subarray(heardAt(0.71), heardAt(1)))).toBeLessThan(1e-6);
    expect(left[heardAt(1.3)]).toBeCloseTo(0.1, 3);
    expect(largestStep(left.subarray(heardAt(0.1)))).toBeLessThan(1e-4);
  });

  it("stays where it is for NaN, as room and brightness do", async () => {
    const { left, heardAt } = await renderDeck({
      length: 0.6,
      script: (deck) => {
        deck.setColour({ ...PLAIN, brightness: 0.5, level: decibels(-6.0206) });
        deck.setColour({ ...PLAIN, room: NaN, brightness: NaN, level: decibels(NaN) });
        sound(deck, sine(2_449, 0.2), { from: now });
      },
    });
    const level = peak(left.subarray(heardAt(0.2), heardAt(0.5)));
    expect(level).toBeCloseTo(0.2 * 0.5 * Math.SQRT1_2, 2);
  });
});

/** Music on the left, a stinger on the right, both constant. */
const renderDucked = (script: (deck: Deck) => void): Promise<Rendered> =>
  renderDeck({
    length: 3,
    script: (deck) => {
      deck.open("music", { at: now, fade: now });
      deck.open("stinger:hit", { at: now, fade: now });
      deck.play("music", chunkOf(3 * RATE, constant(0.2), constant(0)), now);
      deck.play("stinger:hit", chunkOf(3 * RATE, constant(0), constant(0.2)), now);
      script(deck);
    },
  });

const DUCK = {
  by: decibels(-12),
  at: seconds(0.5),
  attack: seconds(0.1),
  until: seconds(1),
  release: seconds(0.5),
};
const depth = (db: number): number => 0.2 * 10 ** (db / 20);

describe("a duck", () => {
  it("lowers the music in time and by its level, and no stinger", async () => {
    const { left, right, heardAt } = await renderDucked((deck) => deck.duck("a", DUCK));
    expect(left[heardAt(0.5)]).toBeCloseTo(0.2, 4);
    expect(left[heardAt(0.55)]).toBeCloseTo((0.2 + depth(-12)) / 2, 3);
    expect(left[heardAt(0.6)]).toBeCloseTo(depth(-12), 4);
    expect(left[heardAt(1)]).toBeCloseTo(depth(-12), 4);
    expect(left[heardAt(1.25)]).toBeCloseTo((0.2 + depth(-12)) / 2, 3);
    expect(left[heardAt(1.5)]).toBeCloseTo(0.2, 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(2.9)))).toBeLessThan(1e-4);
    const rest = right.subarray(heardAt(0.3), heardAt(2.9));
    expect(largestDifference(rest, new Float32Array(rest.length).fill(0.2))).toBeLessThan(1e-4);
  });

  it.each([
    ["a shallow long one first", [0, 1]],
    ["a deep short one first", [1, 0]],
  ])("gives way to a deeper one that overlaps, and comes back after it: %s", async (_, order) => {
    const ducks = [
      { ...DUCK, by: decibels(-6), at: seconds(0.4), until: seconds(2) },
      { ...DUCK, by: decibels(-20), at: seconds(0.8), until: seconds(1) },
    ];
    const { left, heardAt } = await renderDucked((deck) => {
      for (const index of order) deck.duck(String(index), ducks[index] ?? DUCK);
    });
    expect(left[heardAt(0.7)]).toBeCloseTo(depth(-6), 4);
    expect(left[heardAt(0.95)]).toBeCloseTo(depth(-20), 4);
    expect(left[heardAt(1.7)]).toBeCloseTo(depth(-6), 4);
    expect(left[heardAt(2.25)]).toBeCloseTo((0.2 + depth(-6)) / 2, 3);
    expect(left[heardAt(2.6)]).toBeCloseTo(0.2, 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(2.9)))).toBeLessThan(1e-4);
  });

  it("that ends early comes back from where it is, and leaves the others as they are", async () => {
    const { left, heardAt } = await renderDucked((deck) => {
      deck.duck("long", { ...DUCK, by: decibels(-20), until: seconds(2.5) });
      deck.duck("shallow", { ...DUCK, by: decibels(-6), until: seconds(2) });
      deck.endDuck("long", seconds(1));
      deck.endDuck("unknown", seconds(1));
      deck.endDuck("long", seconds(1.2));
    });
    expect(left[heardAt(0.7)]).toBeCloseTo(depth(-20), 4);
    expect(left[heardAt(0.99)]).toBeCloseTo(depth(-20), 4);
    expect(left[heardAt(1.1)]).toBeCloseTo((depth(-20) * 4 + 0.2) / 5, 3);
    expect(left[heardAt(1.6)]).toBeCloseTo(depth(-6), 4);
    expect(left[heardAt(2.6)]).toBeCloseTo(0.2, 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(2.9)))).toBeLessThan(1e-4);
  });

  it.each([
    ["on its way down", 0.55],
    ["before it begins", 0.3],
  ])("can be ended %s", async (_, at) => {
    const { left, heardAt } = await renderDucked((deck) => {
      deck.duck("a", DUCK);
      deck.endDuck("a", seconds(at));
    });
    const lowest = at < 0.5 ? 0.2 : (0.2 + depth(-12)) / 2;
    expect(Math.min(...left.subarray(heardAt(0.2), heardAt(1.5)))).toBeCloseTo(lowest, 3);
    expect(left[heardAt(at + 0.55)]).toBeCloseTo(0.2, 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(2.9)))).toBeLessThan(1e-4);
  });

  it("does not click when it has no attack and no release", async () => {
    const { left, heardAt } = await renderDucked((deck) =>
      deck.duck("a", { ...DUCK, attack: now, release: now }),
    );
    expect(left[heardAt(0.7)]).toBeCloseTo(depth(-12), 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(2.9)))).toBeLessThan(0.001);
  });

  it("does nothing at 0 dB or more, for NaN, or when its time has gone", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        deck.duck("a", { ...DUCK, by: decibels(6) });
        deck.duck("a", { ...DUCK, by: decibels(NaN) });
        deck.duck("a", { ...DUCK, at: seconds(NaN) });
      },
      later: [{ at: 1.2, call: (deck) => deck.duck("a", DUCK) }],
    });
    const rest = left.subarray(heardAt(0.3), heardAt(1.9));
    expect(largestDifference(rest, new Float32Array(rest.length).fill(0.2))).toBeLessThan(1e-4);
  });
});
