import { clamp, mix, noise2, smooth } from "../maths.ts";
import { PLACES, placeWeight, type PlaceName } from "./places.ts";

/** The middle of the trodden path, as z for an x. */
export const pathAt = (x: number): number =>
  Math.sin(x * 0.13) * 1.6 + Math.sin(x * 0.31 + 1) * 0.5;

/** Height of the ground. Rises behind the walk, so that the far edge closes the view. */
export function groundHeight(x: number, z: number): number {
  const rolling = (noise2(x * 0.11 + 40, z * 0.11 + 17) - 0.5) * 1.5;
  const ripple = (noise2(x * 0.5, z * 0.5) - 0.5) * 0.18;
  const trodden = smooth(Math.abs(z - pathAt(x)) / 3.5);
  const bank = smooth((z - 12) / 34) * mix(5.5, 2.5, noise2(x * 0.05 + 9, 3));
  return (rolling + ripple) * mix(0.35, 1, trodden) + bank;
}

/** How much of a place's soil lies at x; the border runs unevenly. */
export function soilWeight(name: PlaceName, x: number, z: number): number {
  const place = PLACES.find((candidate) => candidate.name === name);
  if (place === undefined) return 0;
  return clamp(placeWeight(place, x + (noise2(x * 0.4, z * 0.4) - 0.5) * 7), 0, 1);
}
