import type { Length } from "../score/score.ts";
import { beatsPerBar } from "../time/meter.ts";
import { timeOfBar, type Section } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";

/**
 * Decisions fall on this grid of the audio clock, however often the director is run: that is why the
 * cue list does not depend on the tick rate.
 */
export const CONTROL_PERIOD: Seconds = seconds(0.05);
/** A transition falls on the first sync point at least this far ahead, and is final from then on. */
export const LOOKAHEAD: Seconds = seconds(0.5);
/**
 * How far ahead phrases are planned: two bars for the player, two and `WRITING_TIME` for renderer and
 * generator.
 */
export const HORIZON_BARS = 4;
export const WRITING_TIME = 8;
/** Old and new music sound together for at most this long: no more of the old is planned for sure. */
export const LONGEST_FADE: Seconds = seconds(8);
/** A sync point nearer than this when the director is run cannot be met any more. */
export const SHORTEST_NOTICE = 0.1;
/** The earliest moment for a change that a control point decides; one whose time has gone meanwhile comes late. */
export const earliestChange = (at: Seconds, now: Seconds): Seconds =>
  seconds(Math.max(at + LOOKAHEAD, now + SHORTEST_NOTICE));
/**
 * Whether a change that may still wait has to be made final at this control point: the next one would be
 * too late. Some control point lies so near to every moment.
 */
export const isNear = (change: Seconds, at: Seconds, now: Seconds): boolean =>
  change < earliestChange(at, now) + CONTROL_PERIOD;
/** No tick is foreseen to come later after another: timers of hidden tabs run once a second. */
const LONGEST_TICK = 2;
/**
 * Whether a change would have to be decided before the next tick, as this one comes so long after its
 * control point that the next may too.
 */
export const isBeforeNextTick = (change: Seconds, at: Seconds, now: Seconds): boolean =>
  now - at > LOOKAHEAD - SHORTEST_NOTICE && change <= now + LONGEST_TICK + SHORTEST_NOTICE;
/** How long a level takes to move. */
export const LAYER_RAMP: Seconds = seconds(0.15);

/** A length in the tempo and meter of a section. */
export function lengthIn(section: Section, { value, unit }: Length): Seconds {
  const bars = unit === "bars" ? value : value / beatsPerBar(section.meter);
  return unit === "seconds" ? seconds(value) : seconds(timeOfBar(section, bars) - section.startsAt);
}
