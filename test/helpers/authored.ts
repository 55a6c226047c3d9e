import { expect } from "vitest";
import type { LoadedTake } from "../../engine/conductor/cut-take.ts";
import { durationOf } from "../../engine/score/take-fit.ts";
import type { TakeSpec } from "../../engine/score/score.ts";
import { bpm, decibels, seconds } from "../../engine/time/units.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Of the rehearsal's player. */
export const RATE = 8000;

/** Four bars at 60 bpm, so that a beat is a second: no pickup, no tail, looped as a whole. */
export const takeSpec = (changes: Partial<TakeSpec> = {}): TakeSpec => ({
  name: "beat",
  file: "beat.wav",
  tempo: bpm(60),
  meter: "4/4",
  bars: 4,
  entry: seconds(0),
  tail: seconds(0),
  loop: [0, changes.bars ?? 4],
  level: decibels(0),
  ...changes,
});

/** A take that tells its frames: the left side has the number of each, the right side its negative. */
export function countingTake(spec: TakeSpec, sampleRate: number): LoadedTake {
  const length = Math.round(durationOf(spec) * sampleRate) + 1;
  const left = Float32Array.from({ length }, (_, frame) => frame);
  return { spec, pcm: { left, right: left.map((value) => -value) } };
}

/** What a voice plays at a moment, and how many chunks do. */
export function heard(
  result: Rehearsal,
  voice: string,
  at: number,
): { sample: number; chunks: number } {
  const frame = Math.round(at * RATE);
  let [sample, chunks] = [0, 0];
  for (const chunk of result.played) {
    const start = Math.round(chunk.at * RATE);
    if (chunk.voice !== voice || frame < start || frame >= start + chunk.frames) continue;
    sample += chunk.left[frame - start] ?? 0;
    chunks += 1;
  }
  return { sample, chunks };
}

/** The rehearsal begins on a frame of its own: what is said of frames is off by one at most. */
export const nearly = (result: Rehearsal, voice: string, at: number, frame: number): void => {
  const { sample, chunks } = heard(result, voice, at);
  expect(chunks).toBe(1);
  expect(Math.abs(sample - frame)).toBeLessThanOrEqual(1);
};
