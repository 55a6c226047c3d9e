import type { Stem } from "../music/stem.ts";
import { ticksPerBar } from "../time/meter.ts";
import { secondsOf, type Section } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { TakeSpec } from "./score.ts";

/**
 * How far a take is played faster or slower, and by that higher or lower: drums by as much as a hit point
 * bends the tempo, other stems by ten cents, of which nobody hears that they are out of tune.
 */
const FURTHEST = { drums: 0.03, pitched: 0.006 } as const;
/** What rounding costs. */
const TOLERANCE = 1e-6;

/** Whether a stem can play a take in this tempo and meter. */
export function canFollow(
  stem: Stem,
  take: Pick<TakeSpec, "tempo" | "meter">,
  { tempo, meter }: Pick<Section, "tempo" | "meter">,
): boolean {
  const furthest = stem === "drums" ? FURTHEST.drums : FURTHEST.pitched;
  return take.meter === meter && Math.abs(tempo / take.tempo - 1) <= furthest + TOLERANCE;
}

/** How long the bars of a take last. */
export const barsLast = ({ tempo, meter, bars }: TakeSpec): Seconds =>
  seconds(bars * secondsOf(ticksPerBar(meter), tempo));

/** How long a take lasts with all that is before and after its bars. */
export const durationOf = (take: TakeSpec): Seconds =>
  seconds(take.entry + barsLast(take) + take.tail);
