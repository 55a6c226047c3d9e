import { randomAt } from "../../engine/music/random.ts";

/** A measured figure with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Measurements behind the figure. */
  readonly n: number;
}

type Statistic = (values: readonly number[]) => number;

const RESAMPLES = 1000;

/** Interpolates linearly between the two nearest values; `share` is 0–1. NaN for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median: Statistic = (values) => percentile(values, 0.5);

export const mean: Statistic = (values) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A draw with replacement; the same `draw` and `group` give the same values. */
const resample = (values: readonly number[], draw: number, group: string): readonly number[] =>
  values.map(
    (value, index) => values[Math.floor(randomAt(draw, group, index) * values.length)] ?? value,
  );

function interval(statistics: readonly number[]): Pick<Estimate, "low" | "high"> {
  return { low: percentile(statistics, 0.025), high: percentile(statistics, 0.975) };
}

/** A statistic with its 95 % percentile bootstrap interval; the same values give the same interval. */
export function estimate(values: readonly number[], statistic: Statistic = median): Estimate {
  const draws = Array.from({ length: RESAMPLES }, (_, draw) =>
    statistic(resample(values, draw, "a")),
  );
  return { value: statistic(values), ...interval(draws), n: values.length };
}

/** `statistic(values) - statistic(baseline)` with its interval; both groups are drawn independently. */
export function estimateDifference(
  values: readonly number[],
  baseline: readonly number[],
  statistic: Statistic = mean,
): Estimate {
  const draws = Array.from(
    { length: RESAMPLES },
    (_, draw) => statistic(resample(values, draw, "a")) - statistic(resample(baseline, draw, "b")),
  );
  const value = statistic(values) - statistic(baseline);
  return { value, ...interval(draws), n: values.length };
}

/** Two-sided, 95 %, of the normal distribution. */
const Z = 1.96;

/**
 * A share in per cent with the 95 % interval of Wilson (1927), which says something of 0 and 100 %, too. NaN of
 * nothing.
 */
export function estimateShare(found: number, n: number): Estimate {
  const share = found / n;
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z / (2 * n)) ** 2);
  const bound = (side: number): number =>
    (100 * (share + Z ** 2 / (2 * n) + side)) / (1 + Z ** 2 / n);
  return { value: 100 * share, low: bound(-spread), high: bound(spread), n };
}

/** Something counted, the same every time. */
export const exactly = (value: number): Estimate => ({ value, low: value, high: value, n: 1 });
