import type { Point } from "./score.ts";

/** The value of a curve: straight between its points, level beyond the first and the last; 0 without any. */
export function curveAt(curve: readonly Point[], at: number): number {
  const after = curve.findIndex(([from]) => from >= at);
  const [right, left] = [curve[after], curve[after - 1]];
  if (right === undefined) return curve.at(-1)?.[1] ?? 0;
  if (left === undefined) return right[1];
  const share = (at - left[0]) / (right[0] - left[0]);
  return left[1] + share * (right[1] - left[1]);
}
