import type { LoadedTake } from "../../engine/conductor/cut-take.ts";
import { durationOf } from "../../engine/score/take-fit.ts";
import type { TakeSpec } from "../../engine/score/score.ts";
import { bpm, decibels, seconds } from "../../engine/time/units.ts";

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
