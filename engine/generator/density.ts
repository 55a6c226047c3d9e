import type { Density } from "../music/bar-plan.ts";
import type { Stem } from "../music/stem.ts";
import { sigmoid } from "./distribution.ts";
import { TUNABLES } from "./tunables.ts";

/** Onsets a slot that part the density levels 1 | 2 | 3 | 4 of each stem. */
export type DensityCuts = Readonly<Record<Stem, readonly [number, number, number]>>;

/** The manifest gives cuts to three places: 5 onsets of 16 come as 0.312, not 0.3125. */
const ROUNDING = 0.02;
/** The busiest level ends at this many times its lower edge. */
const BUSIEST = 1.6;

/**
 * The least and the most onsets that a density level allows in a bar. Every level has a band of its
 * own, also where two cuts fall between the same two whole numbers.
 */
function band(
  level: 1 | 2 | 3 | 4,
  cuts: readonly [number, number, number],
  slots: number,
): readonly [number, number] {
  const edges = [...cuts, BUSIEST * cuts[2]];
  let low = 1;
  let high = 1;
  for (let step = 1; step <= level; step += 1) {
    low = step === 1 ? 1 : Math.min(slots, high + 1);
    high = Math.max(low, Math.min(slots, Math.floor((edges[step - 1] ?? 1) * slots + ROUNDING)));
  }
  return [low, high];
}

/**
 * Onsets a bar should have: what the model itself expects, moved into the band of the asked level;
 * `free` takes the expectation as it is.
 */
export function targetOnsets(
  density: Density,
  expected: number,
  cuts: readonly [number, number, number],
  slots: number,
): number {
  if (density === "free") return expected;
  if (density === 0) return 0;
  const [low, high] = band(density, cuts, slots);
  return Math.max(low, Math.min(high, expected));
}

/** Cells of one lane and bar that may become onsets. */
export interface Candidates {
  /** Log odds of an onset. */
  readonly odds: Float64Array;
  /** Stretch of the odds that belongs to them. */
  readonly from: number;
  readonly to: number;
}

/** Onsets that are expected when all odds are raised by `bias`. */
export function expectedOnsets({ odds, from, to }: Candidates, bias: number): number {
  let expected = 0;
  for (let i = from; i < to; i += 1) expected += sigmoid((odds[i] ?? 0) + bias);
  return expected;
}

/** The bias, within ± `densityReach`, that makes the expected onsets meet a number; none are wanted: none can come. */
export const solveBias = (candidates: Candidates, wanted: number): number =>
  wanted <= 0
    ? -Infinity
    : bisect((bias) => expectedOnsets(candidates, bias), wanted, TUNABLES.densityReach);

/** Below this a sum is equal to its target: the last bits of a sum differ between machines. */
const SLACK = 1e-9;

/** Where a rising function meets a value, within ± `reach`, by bisection. */
export function bisect(rising: (at: number) => number, value: number, reach: number): number {
  let low = -reach;
  let high = reach;
  // 12 halvings of ±10 leave an error of 0.005.
  for (let step = 0; step < 12; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < value - SLACK) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
