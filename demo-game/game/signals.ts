import { clamp } from "../maths.ts";
import { MAP, type Spot } from "./map.ts";
import { actProgress } from "./acts.ts";
import type { GameState } from "./state.ts";

/** What the music is told of the game beside place and intensity; each is a signal of the score. */

/** Standing still begins to count after three seconds and counts whole after five. */
export const stillness = ({ still }: GameState): number => clamp((still - 3) / 2, 0, 1);

/** Lanterns for the music: the one that lights on the coming downbeat counts already. */
export const lanternsHeard = ({ lanterns, kindling }: GameState): number =>
  lanterns + (kindling?.announced === true ? 1 : 0);

/** Where the walk leads next: what the act still asks for, else the lantern; undefined once it is over. */
export function goalOf(state: GameState, phrase: number): Spot | undefined {
  const place = MAP[state.lanterns];
  if (place === undefined) return undefined;
  if (actProgress(state, phrase) >= 1 || place.act === "courage") return place.lantern;
  return place.tokens.find((_, i) => state.act.done[i] !== true);
}
