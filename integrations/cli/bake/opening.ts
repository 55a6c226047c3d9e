import type { GameEvent } from "../../../engine/director/event.ts";
import type { Mood, Score } from "../../../engine/score/score.ts";
import { seconds } from "../../../engine/time/units.ts";
import { BakeError } from "./bake-error.ts";
import type { Circumstances } from "./job.ts";

/** What has always been so. */
const BEFORE = -1;
const ABOVE_ALL = Number.MAX_SAFE_INTEGER;

/** A mood that nothing else in the score changes, from a moment on; holds have numbers of their own. */
export const hold = (mood: string, at: number, id: number): GameEvent => ({
  kind: "hold",
  at: seconds(at),
  id,
  mood,
  priority: ABOVE_ALL,
  lasts: undefined,
});

/** How driven it is from a moment on. */
export const drive = (
  { arousal }: Mood,
  intensity: Circumstances["intensity"],
  at: number,
): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value: intensity ?? arousal,
});

/** A piece begins in a mood, as if it had always been so. Throws `BakeError` where the score lacks the place. */
export function openingIn(
  { locations }: Score,
  mood: Mood,
  { location, intensity }: Circumstances,
): readonly GameEvent[] {
  if (location !== undefined && !locations.some(({ name }) => name === location)) {
    throw new BakeError(`the score has no location "${location}"`);
  }
  const place = { kind: "location", at: seconds(BEFORE), name: location ?? "" } as const;
  return [
    ...(location === undefined ? [] : [place]),
    drive(mood, intensity, BEFORE),
    hold(mood.name, BEFORE, 0),
  ];
}
