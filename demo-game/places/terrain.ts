import { distance, ISLAND, MAP, pathAt, WATER, type PlaceName } from "../game/map.ts";
import { clamp, mix, noise2, smooth } from "../maths.ts";
import { placeWeight } from "./places.ts";

/** Height of the lake, in metres. */
export const WATER_LEVEL = -0.22;
/** Metres over which the ground goes down into the water. */
const SHORE = 3.4;
/** Where the way up to the ridge begins, how long it is and how high. */
const CLIMB = { from: 84, length: 16, height: 5 } as const;

/** Height of the ground. Rises behind the walk, so that the far edge closes the view. */
export function groundHeight(x: number, z: number): number {
  const rolling = (noise2(x * 0.11 + 40, z * 0.11 + 17) - 0.5) * 1.5;
  const ripple = (noise2(x * 0.5, z * 0.5) - 0.5) * 0.18;
  const trodden = smooth(Math.abs(z - pathAt(x)) / 3.5);
  const land = (rolling + ripple) * mix(0.35, 1, trodden) + bankHeight(x, z);
  const basin = smooth((x - WATER.west + 5) / 5) * smooth((WATER.east + 5 - x) / 5);
  return mix(land, ripple * 0.4, basin) - lakeDepth(x, z) + climb(x, z);
}

function bankHeight(x: number, z: number): number {
  const bank = smooth((z - 12) / 34) * mix(5.5, 2.5, noise2(x * 0.05 + 9, 3));
  return bank * (1 - smooth((x - CLIMB.from) / 6));
}

function lakeDepth(x: number, z: number): number {
  // Away from where one walks the shore runs in bays.
  const bay = 5 * smooth((Math.abs(z - 1) - 5) / 7) * noise2(z * 0.23, 7);
  const inside =
    smooth((x - WATER.west - bay + SHORE / 2) / SHORE) *
    smooth((WATER.east - bay + SHORE / 2 - x) / SHORE);
  if (inside === 0) return 0;
  const island = smooth((ISLAND.radius + 1.2 - distance({ x, z }, ISLAND)) / 2);
  const farShore = smooth((z - 46) / 8);
  return 1.5 * inside * (1 - island) * (1 - farShore);
}

/** The ridge: up from the cave's mouth, and steeply down behind. */
function climb(x: number, z: number): number {
  const up = smooth((x - CLIMB.from) / CLIMB.length);
  return up * CLIMB.height - up * 13 * smooth((z - 10) / 14);
}

/** How much of a place's soil lies at x; the border runs unevenly. */
export function soilWeight(name: PlaceName, x: number, z: number): number {
  const place = MAP.find((candidate) => candidate.name === name);
  if (place === undefined) return 0;
  return clamp(placeWeight(place, x + (noise2(x * 0.4, z * 0.4) - 0.5) * 7), 0, 1);
}
