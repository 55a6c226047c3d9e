import { clamp } from "../maths.ts";
import { actProgress, isActDone, isBeset } from "./acts.ts";
import { distance, placeAt, placeIndexAt, START, WALK, type Spot } from "./map.ts";
import type { GameInput, GameState, HushState } from "./state.ts";

/** The Hush: a silence that eats light. It moves between the beats and shrinks from the light. */

/** Metres. */
const NOTICES_AT = 10;
const LOSES_AT = 14;
/** Nearer than this it takes light. */
const TOUCHES_AT = 2.6;
const KEEPS_OFF = 1.7;
const KEEPS_OFF_GENTLE = 5;
/** In the meadow one only meets it. */
const KEEPS_OFF_MEADOW = 6;
/** Where it stands while it surrounds the walker on the ridge. */
const SIEGE = 3;
/** Metres a second, over a whole beat; the walker is faster. */
const STROLL = 0.6;
const CHASE = 1.9;
/** Seconds in which it comes and goes. */
const COMES_IN = 2.5;
/** Below this share of light it does not come: there is little to eat. */
const LETS_BE = 0.6;

export function stepHush(state: GameState, input: GameInput): HushState {
  const { hush, lanterns } = state;
  const place = placeAt(lanterns);
  const isOver = lanterns >= 4 && isActDone(state, input.phrase);
  const isWanted =
    lanterns < 5 &&
    !isOver &&
    state.kindling?.left === undefined &&
    placeIndexAt(input.at.x) === lanterns;
  const presence = clamp(hush.presence + (isWanted ? input.dt : -2 * input.dt) / COMES_IN, 0, 1);
  if (hush.presence === 0) {
    // It comes out of nowhere, far enough away to be met and not suffered, and lets be who has just woken up.
    if (!isWanted || state.light < LETS_BE) return { ...hush, chasing: false };
    return { ...awayFrom(place.haunt, input.at), presence, chasing: false };
  }
  const apart = distance(hush, input.at);
  const wakes = actProgress(state, input.phrase) > 0;
  const chasing = wakes && apart < (hush.chasing ? LOSES_AT : NOTICES_AT);
  const goal = chasing ? input.at : wander(place.haunt, state.beat.count);
  const keep = chasing ? keepsOff(state, input) : 0;
  const { x, z } = approachSpot(hush, goal, keep, speedOf(chasing, input) * input.dt);
  return { x, z: clamp(z, WALK.near, WALK.far), presence, chasing };
}

/** It moves on the second half of every beat, twice as fast. */
const speedOf = (chasing: boolean, { phase }: GameInput): number =>
  (chasing ? CHASE : STROLL) * (phase >= 0.5 ? 2 : 0);

function keepsOff(state: GameState, { gentle }: GameInput): number {
  const { lanterns } = state;
  if (gentle) return KEEPS_OFF_GENTLE;
  if (isBeset(state)) return SIEGE;
  if (lanterns === 0) return KEEPS_OFF_MEADOW;
  // On the lake one has to mind the stones.
  return lanterns === 2 ? TOUCHES_AT + 0.3 : KEEPS_OFF;
}

/** A slow round about its haunt. */
const wander = ({ x, z }: Spot, beat: number): Spot => ({
  x: x + 4 * Math.cos(beat * 0.13),
  z: z + 2 * Math.sin(beat * 0.21),
});

const awayFrom = (haunt: Spot, at: Spot): Spot =>
  distance(haunt, at) < 9 ? { x: at.x + 11, z: haunt.z } : haunt;

function approachSpot(from: Spot, to: Spot, keep: number, way: number): Spot {
  const apart = distance(from, to);
  const go = clamp(apart - keep, -way, way);
  if (apart < 0.01) return from;
  return { x: from.x + ((to.x - from.x) / apart) * go, z: from.z + ((to.z - from.z) / apart) * go };
}

/** A share of light each second. */
const TAKES = 0.14;
const COMES_BACK = 0.08;
/** Below this it comes back slowly, wherever one is: one has just woken up. */
export const DAZED = 0.1;
const DAWNS = 0.045;
/** Near the last lantern. */
const WARMS = 0.2;
/** On the ridge it dims the light and cannot put it out. */
const EMBER = 0.2;

/** What is left of the walker's light. */
export function stepLight(state: GameState, { at, dt, gentle }: GameInput): number {
  const { hush, light, lanterns, kindling } = state;
  const isNear = hush.presence > 0.5 && distance(hush, at) < TOUCHES_AT;
  // Whose hand is on a great lantern is safe.
  const isTouched = isNear && !gentle && kindling === undefined;
  const least = isBeset(state) ? EMBER : 0;
  if (isTouched) return Math.max(Math.min(least, light), light - TAKES * dt);
  if (light < DAZED) return light + DAWNS * dt;
  const last = lanterns > 0 ? placeAt(lanterns - 1).lantern : START;
  return Math.min(1, light + (distance(last, at) < 4 ? WARMS : COMES_BACK) * dt);
}
