import { velocity, type Velocity } from "../time/units.ts";
import { SLOT_EXPRESSION, TIMING_BINS, VELOCITY_LEVELS } from "./tokens.ts";

/** How an onset is played. */
export interface Touch {
  readonly velocity: Velocity;
  /** Slots early (negative) or late, within [-0.25, 0.25]. */
  readonly shift: number;
}

/** The middle of the velocity range, on the grid. */
export const PLAIN: Touch = { velocity: velocity(80), shift: 0 };

/**
 * Below 1 it sharpens a distribution before its mean is taken. The mean keeps the stems together
 * (drawn timings would smear every beat on its own); sharpening keeps accents from being levelled.
 */
const SHARPNESS = 0.6;

/** The mean velocity and timing that the expression logits give a stem in a slot of the grid. */
export function expressionAt(logits: Float32Array, gridSlot: number, stem: number): Touch {
  const start = gridSlot * SLOT_EXPRESSION + stem * (VELOCITY_LEVELS + TIMING_BINS);
  const level = meanBin(logits, start, VELOCITY_LEVELS);
  const bin = meanBin(logits, start + VELOCITY_LEVELS, TIMING_BINS);
  return { velocity: velocity(16 * level + 8), shift: (bin - (TIMING_BINS - 1) / 2) / 16 };
}

function meanBin(logits: Float32Array, start: number, bins: number): number {
  let highest = -Infinity;
  for (let i = 0; i < bins; i += 1) highest = Math.max(highest, logits[start + i] ?? 0);
  let sum = 0;
  let mean = 0;
  for (let i = 0; i < bins; i += 1) {
    const weight = Math.exp(((logits[start + i] ?? 0) - highest) / SHARPNESS);
    sum += weight;
    mean += weight * i;
  }
  return mean / sum;
}
