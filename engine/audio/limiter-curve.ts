import { decibels, gainOf } from "../time/units.ts";

/**
 * What the limiter is made of, whoever computes it: a compressor at 20:1 without a knee, its make-up gain
 * taken back, then a soft clip for what slips through its attack.
 */
export const LIMITER = {
  thresholdDb: -8,
  ratio: 20,
  attackSeconds: 0.002,
  releaseSeconds: 0.1,
  /** Fixed look-ahead of a `DynamicsCompressorNode`, by the Web Audio specification. */
  lookAheadSeconds: 0.006,
} as const;

/** Where the soft clip begins and what it never passes. Samples stop here; the wave between them may rise 2 dB higher. */
const CLIP_KNEE = gainOf(decibels(-6));
const CLIP_CEILING = gainOf(decibels(-3));

/** Straight up to the knee, then a tanh that meets the ceiling. Linear in, linear out. */
export function softClip(level: number): number {
  const room = CLIP_CEILING - CLIP_KNEE;
  const size = Math.abs(level);
  if (size <= CLIP_KNEE) return level;
  return Math.sign(level) * (CLIP_KNEE + room * Math.tanh((size - CLIP_KNEE) / room));
}

/** By how many frames the sound leaves the limiter later than it came in. */
export const limiterDelay = (sampleRate: number): number =>
  Math.floor(Math.fround(LIMITER.lookAheadSeconds) * sampleRate);
