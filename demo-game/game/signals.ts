import { clamp } from "../maths.ts";
import { distance, MAP, pathAt, type Spot } from "./map.ts";
import { actProgress } from "./acts.ts";
import type { GameState } from "./state.ts";

/** What the music is told of the game beside place and intensity; each is a signal of the score. */

/**
 * Standing still begins to count after three seconds and counts whole after five. Who stands at a
 * lantern or stands firm works, and who has woken them all may look at the sun.
 */
export function stillness({ still, kindling, act, lanterns }: GameState): number {
  if (kindling !== undefined || act.courage > 0 || lanterns >= 5) return 0;
  return clamp((still - 3) / 2, 0, 1);
}

/** 1 while a lantern wakes by itself, until the music is told what its downbeat brings. */
export const waking = ({ kindling }: GameState): number =>
  kindling?.left === undefined || kindling.announced ? 0 : 1;

/** Lanterns for the music: the one that lights on the coming downbeat counts already. */
export const lanternsHeard = ({ lanterns, kindling }: GameState): number =>
  lanterns + (kindling?.announced === true ? 1 : 0);

/** Nearer than this, in metres, who follows the mote slows down. */
const SLOWS = 0.7;

/** From this far on, in metres along x, one keeps to the path, a few steps at a time. */
const FAR = 3;
const STRIDE = 1.2;

/** Where the mote leads: along the path, and straight to what is near. */
function nextSpot(goal: Spot, at: Spot): Spot {
  const way = goal.x - at.x;
  if (Math.abs(way) < FAR) return goal;
  const x = at.x + Math.sign(way) * STRIDE;
  return { x, z: pathAt(x) };
}

/** The step towards the goal, in x and z, of length 1 at most: for who walks with one key. */
export function wayTo(goal: Spot | undefined, at: Spot): Spot {
  if (goal === undefined) return { x: 0, z: 0 };
  const next = nextSpot(goal, at);
  const far = Math.max(distance(next, at), SLOWS);
  return { x: (next.x - at.x) / far, z: (next.z - at.z) / far };
}

/** Where the walk leads next: what the act still asks for, else the lantern; undefined once it is over. */
export function goalOf(state: GameState, phrase: number): Spot | undefined {
  const place = MAP[state.lanterns];
  if (place === undefined) return undefined;
  if (actProgress(state, phrase) >= 1 || place.act === "courage") return place.lantern;
  return place.tokens.find((_, i) => state.act.done[i] !== true);
}
