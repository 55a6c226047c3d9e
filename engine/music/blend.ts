import { unitInterval, type UnitInterval } from "../time/units.ts";

/** Two palettes that play together in one place. */
export interface Blend {
  /** The heavier one; of two that weigh the same, the one that was named first. */
  readonly first: string;
  readonly second: string;
  /** Weight of the second, 0.01 – 0.5; that of the first is what is left of 1. */
  readonly share: UnitInterval;
}

/** What cues and saves call the blend of two palettes by weight, such as `plucked + 40% wooden`. */
export function nameOfBlend(
  [one, other]: readonly [string, string],
  [weight, otherWeight]: readonly [number, number] = [1, 1],
): string {
  const isTurned = otherWeight > weight;
  const [first, second] = isTurned ? [other, one] : [one, other];
  const percent = Math.round((100 * Math.min(weight, otherWeight)) / (weight + otherWeight));
  return `${first} + ${Math.max(1, percent)}% ${second}`;
}

/** `undefined` where the name is that of one palette. */
export function readBlend(name: string): Blend | undefined {
  const [, first, percent, second] = /^(\S+) \+ (\d+)% (\S+)$/.exec(name) ?? [];
  if (first === undefined || second === undefined) return undefined;
  return { first, second, share: unitInterval(Number(percent) / 100) };
}
