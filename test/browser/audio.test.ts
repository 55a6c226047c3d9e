import { describe, expect, it } from "vitest";
import type { Deck } from "../../engine/audio/deck.ts";
import { seconds, type Seconds } from "../../engine/time/units.ts";
import {
  clicks,
  largestDifference,
  largestStep,
  peak,
  rms,
  toDecibels,
} from "../helpers/pcm-measure.ts";
import { chunkOf, renderDeck, sound } from "../helpers/pcm-render.ts";
import { constant, noise, RATE, sine } from "../helpers/pcm-signals.ts";

const AT = seconds(0.25);
const at = (frame: number): Seconds => seconds(frame / RATE);
const now = seconds(0);

describe("timing", () => {
  it.each([44_100, 48_000, 96_000])(
    "at %i Hz every chunk sounds on its frame plus the latency, to the sample",
    async (sampleRate) => {
      const first = Math.round(sampleRate * 0.3);
      const starts = Array.from({ length: 400 }, (_, i) => first + i * 61 + (i % 3));
      const { left, deck } = await renderDeck({
        sampleRate,
        length: 1.2,
        script: (deck) => {
          deck.open("a", { at: now, fade: now });
          for (const [i, frame] of starts.entries()) {
            const length = (starts[i + 1] ?? frame + 500) - frame;
            const impulse = chunkOf(length, (index) => (index === 0 ? 0.25 : 0));
            deck.play("a", impulse, seconds(frame / sampleRate));
          }
        },
      });
      expect(deck.latency).toBeCloseTo(0.006, 4);
      const latency = Math.round(deck.latency * sampleRate);
      const heard = [...left.entries()].filter(([, sample]) => Math.abs(sample) > 0.01);
      expect(heard.map(([frame]) => frame)).toEqual(starts.map((frame) => frame + latency));
      for (const [, sample] of heard) expect(sample).toBeCloseTo(0.25, 3);
    },
  );

  it("joins odd chunks as if they were one", async () => {
    const play = (sizes: readonly number[]) =>
      renderDeck({
        length: 1.5,
        script: (deck) => {
          deck.open("a", { at: AT, fade: now });
          let start = 0;
          for (const size of sizes) {
            const from = start;
            const part = chunkOf(size, (frame) => sine(441, 0.3)(frame + from));
            expect(deck.play("a", part, at(AT * RATE + from))).toBe("scheduled");
            start += size;
          }
        },
      });
    const sizes = [333, 1, 4_097, 128, 7_777, 12_345, 2, 11_111];
    const whole = await play([sizes.reduce((sum, size) => sum + size, 0)]);
    const parts = await play(sizes);
    expect(peak(whole.left)).toBeGreaterThan(0.29);
    expect(largestDifference(whole.left, parts.left)).toBeLessThanOrEqual(1e-6);
    expect(clicks(parts.left.subarray(0, parts.heardAt(AT) + 30_000))).toEqual([]);
  });

  it("opens a voice without a fade on its very frame", async () => {
    const { left, heardAt } = await renderDeck({
      length: 0.6,
      script: (deck) => {
        deck.open("a", { at: at(15_001), fade: now });
        deck.play("a", chunkOf(5_000, constant(0.2)), at(14_000));
      },
    });
    const first = heardAt(15_001 / RATE);
    expect(peak(left.subarray(0, first))).toBe(0);
    expect(left[first]).toBeCloseTo(0.2, 3);
  });

  it("starts a late chunk in its middle, in time, with a short fade", async () => {
    const results: string[] = [];
    const ramp = chunkOf(RATE / 2, (frame) => frame / RATE);
    const { left, heardAt, deck } = await renderDeck({
      length: 1,
      script: (deck) => deck.open("a", { at: now, fade: now }),
      later: [
        { at: 0.3, call: (deck) => results.push(deck.play("a", ramp, seconds(0.2))) },
        { at: 0.8, call: (deck) => results.push(deck.play("a", ramp, seconds(0.2))) },
      ],
    });
    expect(results).toEqual(["late", "missed"]);
    expect(deck.counters).toEqual({ scheduled: 0, late: 1, missed: 1, stopped: 0 });
    const due = heardAt(0.2);
    const begun = left.findIndex((sample) => sample > 0);
    expect(begun / RATE).toBeGreaterThan(0.3);
    expect(begun / RATE).toBeLessThan(0.31);
    for (const later of [240, 4_000, 8_000]) {
      expect(left[begun + later]).toBeCloseTo((begun + later - due) / RATE, 3);
    }
    expect(left[begun + 110]).toBeCloseTo(((begun + 110 - due) / RATE) * 0.5, 2);
    expect(clicks(left.subarray(0, begun + 8_000))).toEqual([]);
  });
});

describe("gaps", () => {
  it("fade out and in, so that music that runs dry does not click", async () => {
    const part = chunkOf(RATE / 4, (frame) => sine(440, 0.3)(frame + 25));
    const { left, heardAt, deck } = await renderDeck({
      length: 2,
      script: (deck) => {
        deck.open("a", { at: now, fade: seconds(0.2) });
        deck.play("a", part, seconds(0.25));
        deck.play("a", part, seconds(0.75));
      },
      later: [
        { at: 1.2, call: (deck) => deck.play("a", part, seconds(1)) },
        { at: 1.2475, call: (deck) => deck.play("a", part, seconds(1.25)) },
        { at: 1.4, call: (deck) => deck.play("a", part, seconds(1.5)) },
      ],
    });
    expect(deck.counters).toEqual({ scheduled: 4, late: 1, missed: 0, stopped: 0 });
    expect(peak(left.subarray(heardAt(0.5), heardAt(0.75)))).toBe(0);
    expect(clicks(left.subarray(heardAt(0.26)))).toEqual([]);
    expect(peak(left.subarray(heardAt(1.5) - 150, heardAt(1.5) + 150))).toBeGreaterThan(0.29);
  });

  it("leave the attack of the first chunk alone", async () => {
    const { left, heardAt } = await renderDeck({
      length: 1,
      script: (deck) => sound(deck, constant(0.2)),
    });
    expect(left[heardAt(AT) - 1]).toBe(0);
    expect(left[heardAt(AT)]).toBeCloseTo(0.2, 3);
  });
});

describe("fades", () => {
  const LENGTH = 3 * RATE;

  it("cross in constant power", async () => {
    const { left, heardAt } = await renderDeck({
      length: 3,
      script: (deck) => {
        deck.open("old", { at: now, fade: now });
        deck.open("new", { at: seconds(1), fade: seconds(1) });
        deck.play("old", chunkOf(LENGTH, noise(1, 0.2)), now);
        deck.play("new", chunkOf(LENGTH, noise(2, 0.2)), now);
        deck.close("old", { at: seconds(1), fade: seconds(1) });
      },
    });
    const before = rms(left.subarray(heardAt(0.5), heardAt(1)));
    for (let time = 1; time < 2.4; time += 0.1) {
      const level = rms(left.subarray(heardAt(time), heardAt(time + 0.1)));
      expect(Math.abs(toDecibels(level / before))).toBeLessThan(0.5);
    }
  });

  it("follow sine and cosine and leave no step", async () => {
    const { left, right, heardAt } = await renderDeck({
      length: 2.2,
      script: (deck) => {
        for (const [name, side] of [
          ["old", 0],
          ["new", 1],
        ] as const) {
          deck.open(name, {
            at: seconds(side === 0 ? 0 : 1),
            fade: seconds(side),
          });
          deck.play(name, chunkOf(LENGTH, constant(0.2 * (1 - side)), constant(0.2 * side)), now);
        }
        deck.close("old", { at: seconds(1), fade: seconds(1) });
      },
    });
    for (const share of [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999]) {
      const frame = heardAt(1 + share);
      expect(left[frame]).toBeCloseTo(0.2 * Math.cos((share * Math.PI) / 2), 3);
      expect(right[frame]).toBeCloseTo(0.2 * Math.sin((share * Math.PI) / 2), 3);
    }
    expect(largestStep(left.subarray(heardAt(0.5)))).toBeLessThan(1e-4);
  });

  it("turn round in the middle without a jump", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        deck.open("a", { at: seconds(0.5), fade: seconds(1) });
        deck.play("a", chunkOf(LENGTH, constant(0.2)), now);
      },
      later: [
        { at: 0.7, call: (deck) => deck.close("a", { at: seconds(0.9), fade: seconds(0.4) }) },
      ],
    });
    const turn = 0.2 * Math.sin(0.4 * (Math.PI / 2));
    expect(left[heardAt(0.8)]).toBeCloseTo(0.2 * Math.sin(0.3 * (Math.PI / 2)), 3);
    expect(left[heardAt(0.9)]).toBeCloseTo(turn, 3);
    expect(left[heardAt(1.1)]).toBeCloseTo(0.2 * Math.sin(0.2 * (Math.PI / 2)), 3);
    expect(peak(left.subarray(heardAt(1.3) + 1))).toBe(0);
    expect(largestStep(left)).toBeLessThan(1e-4);
  });

  it.each([1, 0.3])(
    "cross in constant power when they turn round in the middle, over %d s",
    async (fade) => {
      const { left, right, heardAt } = await renderDeck({
        length: 3,
        script: (deck) => {
          const [one, none] = [constant(0.2), constant(0)];
          deck.open("old", { at: now, fade: now });
          deck.open("new", { at: seconds(0.5), fade: seconds(1) });
          deck.play("old", chunkOf(LENGTH, one, none), now);
          deck.play("new", chunkOf(LENGTH, none, one), now);
          deck.close("old", { at: seconds(0.5), fade: seconds(1) });
        },
        later: [
          {
            at: 0.75,
            call: (deck) => {
              const turn = { at: seconds(0.9), fade: seconds(fade) };
              deck.reopen("old", turn);
              deck.close("new", turn);
            },
          },
        ],
      });
      for (let frame = heardAt(0.5); frame < heardAt(2.5); frame += 1) {
        const power = (left[frame] ?? 0) ** 2 + (right[frame] ?? 0) ** 2;
        expect(Math.abs(power / 0.04 - 1)).toBeLessThan(0.005);
      }
      expect(left[heardAt(0.9)]).toBeCloseTo(0.2 * Math.cos(0.4 * (Math.PI / 2)), 3);
      expect(left[heardAt(0.9 + fade)]).toBeCloseTo(0.2, 4);
      expect(peak(right.subarray(heardAt(0.9 + fade) + 1))).toBe(0);
      expect(largestStep(left.subarray(heardAt(0.4)))).toBeLessThan(1e-4);
      expect(largestStep(right)).toBeLessThan(1e-4);
    },
  );

  it("go back on the curve they came on", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, constant(0.2), { length: LENGTH, from: now });
        deck.close("a", { at: seconds(0.5), fade: seconds(1) });
        expect(deck.reopen("a", { at: seconds(0.9), fade: seconds(0.4) })).toBe(true);
      },
    });
    for (const back of [0.05, 0.1, 0.2, 0.3, 0.35]) {
      expect(left[heardAt(0.9 + back)]).toBeCloseTo(left[heardAt(0.9 - back)] ?? 0, 3);
    }
    expect(left[heardAt(0.9)]).toBeLessThan(0.2 * 0.82);
  });

  it("take the earlier of two ends, also in mid-fade", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, constant(0.2), { length: LENGTH });
        deck.close("a", { at: seconds(1), fade: seconds(0.8) });
        deck.close("a", { at: seconds(1.5), fade: seconds(0.8) });
      },
      later: [{ at: 1.2, call: (deck) => deck.close("a", { at: seconds(0), fade: seconds(0) }) }],
    });
    expect(left[heardAt(1.15)]).toBeCloseTo(0.2 * Math.cos((0.15 / 0.8) * (Math.PI / 2)), 3);
    expect(peak(left.subarray(heardAt(1.21)))).toBe(0);
    expect(largestStep(left.subarray(heardAt(0.5)))).toBeLessThan(0.2 * (Math.PI / 2 / 220) * 1.2);
  });

  it("free the voice and take back what would start later", async () => {
    let held: Deck["held"] | undefined;
    const { deck } = await renderDeck({
      length: 2,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        for (const beat of [0, 1, 2, 3]) {
          deck.play("a", chunkOf(RATE / 2, constant(0.1)), seconds(beat / 2));
        }
        held = deck.held;
        deck.close("a", { at: seconds(0.6), fade: seconds(0.1) });
        expect(deck.play("a", chunkOf(8, constant(0.1)), seconds(1.5))).toBe("closed");
        expect(deck.play("b", chunkOf(8, constant(0.1)), seconds(1.5))).toBe("closed");
        expect(() => deck.open("a", { at: now, fade: now })).toThrow(RangeError);
      },
    });
    expect(held).toMatchObject({ voices: 1, sources: 4 });
    expect(deck.counters).toEqual({ scheduled: 4, late: 0, missed: 0, stopped: 2 });
    await expect.poll(() => deck.held.sources).toBe(0);
    deck.close("unknown", { at: now, fade: now });
    expect(deck.held).toEqual({ voices: 0, sources: 0, frames: 0 });
  });

  it("are taken back as long as the voice sounds, and no longer", async () => {
    const answers: boolean[] = [];
    const reopen = (deck: Deck, at: number) =>
      answers.push(deck.reopen("a", { at: seconds(at), fade: seconds(0.1) }));
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        reopen(deck, 0);
        sound(deck, constant(0.2), { length: LENGTH, from: now });
        reopen(deck, 0.1);
        deck.close("a", { at: seconds(0.5), fade: seconds(0.5) });
        reopen(deck, 1);
        reopen(deck, 0.9);
        deck.close("a", { at: seconds(1.2), fade: seconds(0.1) });
      },
      later: [{ at: 1.4, call: (deck) => reopen(deck, 0) }],
    });
    expect(answers).toEqual([false, true, false, true, false]);
    expect(left[heardAt(0.45)]).toBeCloseTo(0.2, 4);
    expect(left[heardAt(1.1)]).toBeCloseTo(0.2, 4);
    expect(peak(left.subarray(heardAt(1.31)))).toBe(0);
  });

  it("leave the name to another voice while their last chunk goes on unheard", async () => {
    const { left, heardAt } = await renderDeck({
      length: 2,
      script: (deck) => {
        sound(deck, constant(0.2), { length: 2 * RATE, from: now });
        deck.close("a", { at: seconds(0.4), fade: seconds(0.1) });
      },
      later: [
        {
          at: 0.7,
          call: (deck) => {
            deck.open("a", { at: seconds(0.8), fade: now });
            deck.play("a", chunkOf(RATE / 2, constant(0.1)), seconds(0.8));
          },
        },
      ],
    });
    expect(peak(left.subarray(heardAt(0.51), heardAt(0.79)))).toBe(0);
    expect(left[heardAt(1)]).toBeCloseTo(0.1, 4);
  });

  it.each([
    ["joins what is played again", true],
    ["fades out where nothing is", false],
  ])("that are taken back leave a voice that %s", async (_, again) => {
    const half = chunkOf(RATE / 2, constant(0.2));
    const { left, heardAt, deck } = await renderDeck({
      length: 2,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        for (const beat of [0, 1, 2]) deck.play("a", half, seconds(beat / 2));
        deck.close("a", { at: seconds(0.6), fade: seconds(0.2) });
        deck.reopen("a", { at: seconds(0.7), fade: seconds(0.1) });
        if (again) expect(deck.play("a", half, seconds(1))).toBe("scheduled");
      },
    });
    expect(deck.counters.stopped).toBe(1);
    expect(left[heardAt(0.98)]).toBeCloseTo(0.2, 4);
    expect(left[heardAt(1.01)]).toBeCloseTo(again ? 0.2 : 0, 4);
    expect(largestStep(left.subarray(heardAt(0.1), heardAt(1.4)))).toBeLessThan(
      again ? 1e-4 : 0.001,
    );
  });

  it("refuse a chunk without sound or with uneven channels", async () => {
    await renderDeck({
      length: 0.1,
      script: (deck) => {
        deck.open("a", { at: now, fade: now });
        expect(() => deck.play("a", chunkOf(0, constant(0)), now)).toThrow(RangeError);
        const uneven = { left: new Float32Array(2), right: new Float32Array(3) };
        expect(() => deck.play("a", uneven, now)).toThrow("got 2 and 3");
      },
    });
  });
});
