import { describe, expect, it } from "vitest";
import type { Deck } from "../../engine/audio/deck.ts";
import { decibels, seconds, type Seconds } from "../../engine/time/units.ts";
import { clicks, largestDifference, largestStep, peak } from "../helpers/pcm-measure.ts";
import { chunkOf, renderDeck, type Rendered, type RenderOptions } from "../helpers/pcm-render.ts";
import { constant, RATE, sine } from "../helpers/pcm-signals.ts";

const now = seconds(0);
const at = (frame: number): Seconds => seconds(frame / RATE);
/** More than the fade in of 5 ms, in whole frames. */
const FADE_IN = 300 / RATE;
const part = (from: number, length: number, level: number) =>
  chunkOf(length, (frame) => sine(441, level)(frame + from));

/** Two voices that cross, with a level, a duck and a colour on their way: chunks of 11 113 frames. */
function crossing(deck: Deck): void {
  const size = 11_113;
  deck.open("old", { at: now, fade: now });
  deck.open("new", { at: seconds(0.6), fade: seconds(0.8) });
  for (let start = 0; start < 2 * RATE; start += size) {
    deck.play("old", part(start, size, 0.2), at(start));
    if (start > RATE / 2) deck.play("new", part(start, size, 0.1), at(start));
  }
  deck.close("old", { at: seconds(0.6), fade: seconds(0.8) });
  deck.setLevel("new", 0.5, { at: seconds(0.7), ramp: seconds(0.6) });
  deck.setColour({
    room: 0,
    brightness: 0.6,
    level: decibels(-6),
    at: seconds(0.8),
    ramp: seconds(0.6),
  });
  const dips = [0.45, 0.69, 0.95, 1.22, 1.3].map((time) => ({ at: seconds(time), to: 0.3 }));
  deck.dip("new", dips);
  deck.setDipDepth("new", 0.5, seconds(1.1));
  deck.duck("a", {
    by: decibels(-12),
    at: seconds(0.9),
    attack: seconds(0.2),
    until: seconds(1.2),
    release: seconds(0.3),
  });
}

interface Stop {
  readonly pauseAt: number;
  /** When `resume` is called, and for when. */
  readonly resumeAt: number;
  readonly resumeFor?: number;
  readonly fade?: number;
}

interface Stopped extends Rendered {
  /** Context time. */
  readonly stoodAt: number;
  readonly shift: number;
}

async function renderStopped(
  { script, length }: Pick<RenderOptions, "script" | "length">,
  { pauseAt, resumeAt, resumeFor = resumeAt, fade }: Stop,
): Promise<Stopped> {
  let [stoodAt, shift] = [0, 0];
  const rendered = await renderDeck({
    length,
    script,
    later: [
      {
        at: pauseAt,
        call: (deck) => {
          stoodAt = fade === undefined ? deck.pause() : deck.pause(seconds(fade));
        },
      },
      {
        at: resumeAt,
        call: (deck) => {
          shift = deck.resume(seconds(resumeFor));
        },
      },
    ],
  });
  return { ...rendered, stoodAt, shift };
}

/** How far the music after the pause is from that which was never stopped. */
function differenceAfter(stopped: Stopped, whole: Rendered): number {
  const { left, heardAt, stoodAt, shift } = stopped;
  const resumed = left.subarray(heardAt(stoodAt + shift + FADE_IN));
  const expected = whole.left.subarray(heardAt(stoodAt + FADE_IN));
  return largestDifference(resumed.subarray(0, RATE), expected);
}

describe("a pause", () => {
  it.each([0.2, 0.504, 0.7, 1, 1.25])(
    "at %d s goes on with the very samples of an uninterrupted run",
    async (pauseAt) => {
      const whole = await renderDeck({ length: 2.6, script: crossing });
      const stop = { pauseAt, resumeAt: pauseAt + 0.5, resumeFor: pauseAt + 0.6 };
      const stopped = await renderStopped({ script: crossing, length: 3.4 }, stop);
      const { left, heardAt, stoodAt, shift, deck } = stopped;
      expect(Math.abs(stoodAt * RATE - Math.round(stoodAt * RATE))).toBeLessThan(1e-6);
      expect(stoodAt - pauseAt).toBeGreaterThan(0.0299);
      expect(stoodAt - pauseAt).toBeLessThan(0.034);
      expect(stoodAt + shift).toBeCloseTo(pauseAt + 0.6, 4);

      const before = left.subarray(0, heardAt(pauseAt));
      expect(largestDifference(before, whole.left)).toBeLessThan(1e-6);
      expect(peak(left.subarray(heardAt(stoodAt + 0.002), heardAt(stoodAt + shift)))).toBeLessThan(
        1e-4,
      );
      expect(peak(left.subarray(heardAt(stoodAt + shift + 0.01)))).toBeGreaterThan(0.02);
      expect(differenceAfter(stopped, whole)).toBeLessThan(2e-5);
      expect(clicks(left.subarray(0, heardAt(stoodAt + shift + 0.7)))).toEqual([]);
      expect(deck.counters).toMatchObject({ late: 0, missed: 0 });
      await expect.poll(() => deck.held.sources).toBe(0);
    },
  );

  it.each([-1, 0, 1, 100, 219, 300])(
    "goes on without a break where a chunk ends %d frames after the standstill",
    async (rest) => {
      const standstill = 200 * 128 + 1_323;
      const script = (deck: Deck): void => {
        deck.open("a", { at: now, fade: now });
        const size = standstill + rest;
        deck.play("a", part(0, size, 0.2), now);
        deck.play("a", part(size, RATE, 0.2), at(size));
      };
      const whole = await renderDeck({ length: 1.7, script });
      const stop = { pauseAt: (200 * 128 - 1) / RATE, resumeAt: 0.8 };
      const stopped = await renderStopped({ script, length: 2 }, stop);
      expect(Math.round(stopped.stoodAt * RATE)).toBe(standstill);
      expect(differenceAfter(stopped, whole)).toBeLessThan(2e-5);
      expect(clicks(stopped.left.subarray(0, stopped.heardAt(1.5)))).toEqual([]);
    },
  );

  it("keeps a duck, which ends early where it is told to while the music stands", async () => {
    const script = (deck: Deck): void => {
      deck.open("a", { at: now, fade: now });
      deck.play("a", part(0, 2 * RATE, 0.2), now);
      const [attack, release] = [seconds(0.1), seconds(0.3)];
      deck.duck("b", { by: decibels(-12), at: seconds(0.2), attack, until: seconds(1.5), release });
    };
    const end = (deck: Deck): void => deck.endDuck("b", seconds(0.7));
    const whole = await renderDeck({ length: 2, script, later: [{ at: 0.6, call: end }] });
    let [stoodAt, shift] = [0, 0];
    const stopped = await renderDeck({
      length: 3,
      script,
      later: [
        { at: 0.5, call: (deck) => (stoodAt = deck.pause()) },
        { at: 0.9, call: end },
        { at: 1.2, call: (deck) => (shift = deck.resume(seconds(1.2))) },
      ],
    });
    expect(differenceAfter({ ...stopped, stoodAt, shift }, whole)).toBeLessThan(2e-5);
  });

  it("fades out and in without a step, over its own time and 5 ms", async () => {
    const script = (deck: Deck): void => {
      deck.open("a", { at: now, fade: now });
      for (const beat of [0, 1, 2, 3]) {
        deck.play("a", chunkOf(RATE / 2, constant(0.2)), seconds(beat / 2));
      }
    };
    const stop = { pauseAt: 0.7, resumeAt: 1.1, fade: 0.1 };
    const { left, heardAt, stoodAt, shift } = await renderStopped({ script, length: 2 }, stop);
    expect(left[heardAt(stoodAt - 0.05)]).toBeCloseTo(0.1, 3);
    expect(peak(left.subarray(heardAt(stoodAt), heardAt(stoodAt + shift)))).toBeLessThan(1e-6);
    expect(left[heardAt(stoodAt + shift + 0.0025)]).toBeCloseTo(0.1, 3);
    expect(left[heardAt(stoodAt + shift + 0.006)]).toBeCloseTo(0.2, 3);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(1.9)))).toBeLessThan(0.001);
  });

  it("that is taken back at once loses nothing but its fades", async () => {
    const whole = await renderDeck({ length: 2.6, script: crossing });
    const stopped = await renderStopped(
      { script: crossing, length: 2.6 },
      { pauseAt: 0.7, resumeAt: 0.71 },
    );
    expect(stopped.shift).toBe(0);
    expect(differenceAfter(stopped, whole)).toBeLessThan(2e-5);
    expect(clicks(stopped.left.subarray(0, stopped.heardAt(1.3)))).toEqual([]);
  });

  it("may come again, in the middle of what goes on", async () => {
    const whole = await renderDeck({ length: 2.6, script: crossing });
    const shifts: number[] = [];
    let stoodAt = 0;
    const pause = (deck: Deck): void => void (stoodAt = deck.pause());
    const resume = (deck: Deck): void => void shifts.push(deck.resume(now));
    const rendered = await renderDeck({
      length: 3.8,
      script: crossing,
      later: [
        { at: 0.7, call: pause },
        { at: 1, call: resume },
        { at: 1.01, call: pause },
        { at: 1.5, call: resume },
      ],
    });
    const [first = 0, second = 0] = shifts;
    expect(Math.min(first, second)).toBeGreaterThan(0.2);
    const { heardAt, left } = rendered;
    const resumed = left.subarray(heardAt(stoodAt + second + FADE_IN));
    const expected = whole.left.subarray(heardAt(stoodAt - first + FADE_IN));
    expect(largestDifference(resumed.subarray(0, RATE), expected)).toBeLessThan(2e-5);
    expect(clicks(left.subarray(0, heardAt(2)))).toEqual([]);
  });

  it("keeps what has not ended, and only that, however long it lasts", async () => {
    const results: string[] = [];
    const held: Deck["held"][] = [];
    const look = (deck: Deck): void => {
      // Any call lets go of what is over.
      deck.close("none", { at: now, fade: now });
      held.push(deck.held);
    };
    const { deck } = await renderDeck({
      length: 5.5,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        deck.open("gone", { at: now, fade: now });
        for (const beat of [0, 1, 2, 3]) {
          deck.play("a", chunkOf(RATE / 2, constant(0.1)), seconds(beat / 2));
        }
        deck.play("gone", chunkOf(RATE / 2, constant(0.1)), now);
        deck.close("gone", { at: seconds(0.2), fade: seconds(0.1) });
        deck.close("a", { at: seconds(1.8), fade: seconds(0.1) });
      },
      later: [
        {
          at: 0.7,
          call: (deck) => {
            const first = deck.pause();
            results.push(deck.pause() === first ? "once" : "twice");
          },
        },
        { at: 3.5, call: look },
        {
          at: 3.6,
          call: (deck) => {
            const shift = deck.resume(now);
            const last = chunkOf(RATE / 4, constant(0.1));
            results.push(deck.play("a", last, seconds(1.89 + shift)));
            results.push(deck.play("a", last, seconds(1.91 + shift)));
          },
        },
      ],
    });
    expect(results).toEqual(["once", "scheduled", "closed"]);
    // The rest of the second chunk, the third and the fourth wait; the voice that had ended is free.
    expect(held).toMatchObject([{ voices: 1, sources: 3 }]);
    expect(deck.counters).toEqual({ scheduled: 6, late: 0, missed: 0, stopped: 0 });
    await expect.poll(() => deck.held.sources).toBe(0);
    deck.close("none", { at: now, fade: now });
    expect(deck.held).toEqual({ voices: 0, sources: 0, frames: 0 });
  });

  it("takes in what is opened, played and closed meanwhile, for the time after it", async () => {
    const whole = await renderDeck({
      length: 2.6,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        deck.play("a", part(0, RATE / 2, 0.2), now);
        deck.play("a", part(RATE / 2, RATE / 2, 0.2), seconds(0.5));
        deck.open("b", { at: seconds(0.6), fade: seconds(0.2), level: 0.5 });
        deck.play("b", chunkOf(RATE / 2, sine(500, 0.1)), seconds(0.6));
        deck.close("b", { at: seconds(0.8), fade: seconds(0.2) });
      },
    });
    const results: string[] = [];
    let [stoodAt, shift] = [0, 0];
    const { left, heardAt } = await renderDeck({
      length: 3,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        deck.play("a", part(0, RATE / 2, 0.2), now);
      },
      later: [
        { at: 0.3, call: (deck) => (stoodAt = deck.pause()) },
        {
          at: 1,
          call: (deck) => {
            results.push(deck.play("a", part(RATE / 2, RATE / 2, 0.2), seconds(0.5)));
            deck.open("b", { at: seconds(0.6), fade: seconds(0.2), level: 0.5 });
            results.push(deck.play("b", chunkOf(RATE / 2, sine(500, 0.1)), seconds(0.6)));
            results.push(deck.play("b", chunkOf(RATE / 2, sine(500, 0.1)), seconds(1.1)));
            deck.close("b", { at: seconds(0.8), fade: seconds(0.2) });
          },
        },
        { at: 1.2, call: (deck) => (shift = deck.resume(now)) },
      ],
    });
    expect(results).toEqual(["scheduled", "scheduled", "scheduled"]);
    const resumed = left.subarray(heardAt(stoodAt + shift + FADE_IN));
    const expected = whole.left.subarray(heardAt(stoodAt + FADE_IN));
    expect(largestDifference(resumed.subarray(0, RATE), expected)).toBeLessThan(2e-5);
    expect(peak(expected)).toBeGreaterThan(0.19);
    expect(peak(left.subarray(heardAt(1.001 + shift)))).toBe(0);
  });

  it("lets the reverb ring on and does not move its colour under it", async () => {
    const { left, heardAt, deck } = await renderDeck({
      length: 2,
      script: (deck) => {
        const colour = { room: 0.5, brightness: 1, level: decibels(0) };
        deck.setColour({ ...colour, at: now, ramp: now });
        deck.setColour({ ...colour, level: decibels(-60), at: seconds(0.9), ramp: seconds(0.1) });
        deck.open("a", { at: now, fade: now });
        deck.play("a", chunkOf(2 * RATE, sine(1_000, 0.2)), now);
      },
      later: [
        { at: 0.5, call: (deck) => void deck.pause() },
        { at: 1.2, call: (deck) => void deck.resume(now) },
      ],
    });
    expect(peak(left.subarray(heardAt(0.54), heardAt(0.6)))).toBeGreaterThan(0.005);
    expect(peak(left.subarray(heardAt(1.3), heardAt(1.5)))).toBeGreaterThan(0.15);
    expect(peak(left.subarray(heardAt(1.8)))).toBeLessThan(0.05);
    expect(clicks(left)).toEqual([]);
    expect(deck.resume(now)).toBe(0);
  });
});
