import { describe, expect, test } from "vitest";
import { cutTake, type LoadedTake } from "../../../engine/conductor/cut-take.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf, type Section } from "../../../engine/time/section.ts";
import { bpm, seconds } from "../../../engine/time/units.ts";
import { countingTake, takeSpec } from "../../helpers/authored.ts";

const RATE = 44_100;
const section = (tempo: number, startsAt = 0): Section => ({
  startsAt: seconds(startsAt),
  tempo: bpm(tempo),
  meter: "4/4",
});

/** What a take plays from one frame of a section to another, its left side. */
const cut = (take: LoadedTake, from: number, to: number, tempo: number = take.spec.tempo) =>
  cutTake(take, section(tempo), { from, to }, RATE).left;

/** Frames in a bar of 4/4, no whole number at 132 bpm. */
const barFrames = (tempo: number): number => secondsOf(ticksPerBar("4/4"), bpm(tempo)) * RATE;

/** The frames `from`, `from + 1` … of the file. */
const counted = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe("an authored take", () => {
  test("is the file's own samples, on both sides", () => {
    const take = countingTake(takeSpec(), RATE);
    const { left, right } = cutTake(take, section(60), { from: 1000, to: 1100 }, RATE);
    expect([...left]).toEqual(counted(1000, 100));
    expect([...right]).toEqual(counted(1000, 100).map((value) => -value));
  });

  test("goes back to its first bar on the frame of the bar line", () => {
    const take = countingTake(takeSpec({ tempo: bpm(132), bars: 8, loop: [0, 8] }), RATE);
    const line = Math.round(8 * barFrames(132));
    expect([...cut(take, line - 3, line + 3)]).toEqual([...counted(line - 3, 3), ...counted(0, 3)]);
  });

  test("goes back from the loop's end to the loop's beginning, which need not be the take's", () => {
    const take = countingTake(takeSpec({ tempo: bpm(132), bars: 8, loop: [1, 7] }), RATE);
    const [back, end] = [Math.round(barFrames(132)), Math.round(7 * barFrames(132))];
    expect([...cut(take, end - 2, end + 2)]).toEqual([...counted(end - 2, 2), back, back + 1]);
    const second = Math.round(13 * barFrames(132));
    expect([...cut(take, second, second + 2)]).toEqual([back, back + 1]);
  });

  test("does not drift from the bar lines over 10 000 bars", () => {
    const take = countingTake(takeSpec({ tempo: bpm(132), bars: 3, loop: [0, 3] }), RATE);
    for (let bar = 0; bar <= 10_000; bar += 303) {
      const line = Math.round(bar * barFrames(132));
      const expected = Math.round((bar % 3) * barFrames(132));
      const [heard = Number.NaN] = cut(take, line, line + 1);
      // Within a round the file's own bar lines lie up to a frame beside the grid's.
      expect(Math.abs(heard - expected)).toBeLessThanOrEqual(1);
      if (bar % 3 === 0) expect(heard).toBe(0);
    }
  });

  test("is the same whether it is cut as a whole or in blocks of 333 frames", () => {
    const spec = takeSpec({ tempo: bpm(132), bars: 1, loop: [0, 1], tail: seconds(0.5) });
    const take = countingTake(spec, RATE);
    for (const tempo of [132, 135]) {
      const [from, to] = [79_000, 82_330];
      const whole = cut(take, from, to, tempo);
      const blocks = counted(0, 10).flatMap((block) => [
        ...cut(take, from + 333 * block, from + 333 * (block + 1), tempo),
      ]);
      expect(blocks).toEqual([...whole]);
    }
  });

  test("rings on for its tail under the next round, sample by sample, and then no more", () => {
    const take = countingTake(takeSpec({ bars: 1, loop: [0, 1], tail: seconds(0.5) }), RATE);
    const line = 4 * RATE;
    const tail = RATE / 2;
    expect([...cut(take, 0, 3)]).toEqual([0, 1, 2]);
    expect([...cut(take, line, line + 2)]).toEqual([line, line + 2]);
    expect([...cut(take, line + tail - 1, line + tail + 1)]).toEqual([line + 2 * (tail - 1), tail]);
  });

  test("whose tail is longer than its loop rings on under several rounds", () => {
    const take = countingTake(takeSpec({ bars: 1, loop: [0, 1], tail: seconds(6) }), RATE);
    const at = 2 * 4 * RATE + 10;
    expect([...cut(take, at, at + 1)]).toEqual([10 + (4 * RATE + 10) + (8 * RATE + 10)]);
  });

  test("has its pickup before bar 0 and silence before that", () => {
    const take = countingTake(takeSpec({ entry: seconds(0.5) }), RATE);
    const pickup = RATE / 2;
    expect([...cut(take, -pickup - 2, -pickup + 2)]).toEqual([0, 0, 0, 1]);
    expect([...cut(take, -1, 2)]).toEqual(counted(pickup - 1, 3));
    expect([...cut(take, 16 * RATE, 16 * RATE + 1)]).toEqual([pickup]);
  });

  test("in another tempo keeps its bar lines, and its samples in between lie on a smooth curve", () => {
    const spec = takeSpec({ bars: 2, loop: [0, 2] });
    const length = 8 * RATE + 1;
    const wave = (frame: number): number => Math.sin((2 * Math.PI * 2000 * frame) / RATE);
    const left = Float32Array.from({ length }, (_, frame) => wave(frame));
    const heard = cut({ spec, pcm: { left, right: left } }, 50_000, 51_000, 61.8);
    for (const [index, sample] of heard.entries()) {
      expect(Math.abs(sample - wave((50_000 + index) * 1.03))).toBeLessThan(0.01);
    }
    const counting = countingTake(spec, RATE);
    const line = Math.round(2 * barFrames(61.8));
    expect([...cut(counting, line, line + 1, 61.8)]).toEqual([0]);
    expect(cut(counting, line - 1, line, 61.8)[0]).toBeCloseTo(8 * RATE - 1.03, 0);
  });

  test("is the same wherever its section begins", () => {
    const take = countingTake(takeSpec({ tempo: bpm(132), bars: 8, loop: [2, 7] }), RATE);
    const late = section(132, 12_345.678);
    const line = Math.round(7 * barFrames(132));
    const span = { from: line - 5, to: line + 5 };
    expect(cutTake(take, late, span, RATE)).toEqual(cutTake(take, section(132), span, RATE));
  });

  test("whose file ends early is silent there", () => {
    const take = countingTake(takeSpec(), RATE);
    const { left, right } = take.pcm;
    const short = { ...take, pcm: { left: left.slice(0, 100), right: right.slice(0, 100) } };
    expect([...cut(short, 98, 102)]).toEqual([98, 99, 0, 0]);
  });
});
