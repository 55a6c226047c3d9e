import { distance, ISLAND, placeAt, stoneLine, WATER, type Spot } from "./map.ts";
import type { GameState } from "./state.ts";

/** Number of the lake among the places. */
const LAKE = 2;
/** Stones beyond the island, which rise with the lantern. */
export const CAUSEWAY: readonly Spot[] = [46.4, 47.6, 48.8].map((x) => ({ x, z: stoneLine(x) }));
/** Metres from a stone's middle that carry. */
const CARRIES = 1.2;
/** Beats of a stone's round, and how many of them it is up. */
const ROUND = 4;
const UP = 2;

/** Whether a stone is above the water: two beats of four, each stone a beat after the one before it. */
export function isStoneUp(state: GameState, index: number, gentle: boolean): boolean {
  if (gentle || state.lanterns > LAKE || state.act.done[index] === true) return true;
  return (((state.beat.count - index) % ROUND) + ROUND) % ROUND < UP;
}

/** Whether the lake lets one stand there. Off the water one always may; a stone that carries somebody stays. */
export function carries(state: GameState, { x, z }: Spot, gentle: boolean): boolean {
  if (x <= WATER.west || x >= WATER.east) return true;
  if (distance({ x, z }, ISLAND) < ISLAND.radius) return true;
  if (state.lanterns > LAKE && CAUSEWAY.some((stone) => distance(stone, { x, z }) < CARRIES))
    return true;
  return placeAt(LAKE).tokens.some(
    (stone, i) =>
      distance(stone, { x, z }) < CARRIES &&
      (isStoneUp(state, i, gentle) || distance(stone, state.at) < CARRIES),
  );
}
