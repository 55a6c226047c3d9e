import { STEMS } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import { unitInterval } from "../time/units.ts";
import type { SectionCue } from "./cue.ts";

const ALWAYS = unitInterval(0);

/**
 * The stems that a section may play, and when each is heard: those of its mood, and in a bridge those too
 * that the bridge names. One that plays a take of the bridge is always heard, as is one that the mood lacks.
 */
export function stemsOf({ mood, bridge }: Pick<SectionCue, "mood" | "bridge">): Mood["stems"] {
  const { stems = [], takes = {} } = bridge?.parts ?? {};
  const levels = { ...mood.stems };
  for (const stem of STEMS) {
    const isNew = levels[stem] === undefined && stems.includes(stem);
    if (isNew || takes[stem] !== undefined) levels[stem] = ALWAYS;
  }
  return levels;
}
