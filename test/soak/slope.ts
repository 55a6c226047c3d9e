import type { Estimate } from "../bench/statistics.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Two-sided, 95 %, of the normal distribution. */
const Z = 1.96;

/**
 * The slope of a straight line through points by least squares, with its 95 % interval. What lies near in
 * time is alike: the variance is that of Newey and West (1987), with their lag of 4 (n / 100) ** (2 / 9).
 * NaN for fewer than three points.
 */
export function slopeOf(points: readonly Point[]): Estimate {
  const n = points.length;
  if (n < 3) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, n };
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / n;
  const [x0, y0] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - x0) ** 2, 0);
  const value = points.reduce((sum, { x, y }) => sum + (x - x0) * (y - y0), 0) / spread;
  const scores = points.map(({ x, y }) => (x - x0) * (y - y0 - value * (x - x0)));
  const lag = Math.min(n - 1, Math.floor(4 * (n / 100) ** (2 / 9)));
  let variance = 0;
  for (let apart = 0; apart <= lag; apart += 1) {
    const weight = apart === 0 ? 1 : 2 * (1 - apart / (lag + 1));
    for (let i = apart; i < n; i += 1) {
      variance += weight * (scores[i] ?? 0) * (scores[i - apart] ?? 0);
    }
  }
  const error = Math.sqrt(Math.max(0, (variance * n) / (n - 2))) / spread;
  return { value, low: value - Z * error, high: value + Z * error, n };
}
