import { seconds, type Seconds } from "../time/units.ts";
import type { LoadedTake } from "./cut-take.ts";
import type { Phrase } from "./phrase.ts";

/** Seconds: a pickup that begins later is with the player in time … */
const PICKUP_NOTICE = 0.05;
/** … and comes in over this, as its beginning may be cut off. */
export const PICKUP_FADE: Seconds = seconds(0.005);
/** Seconds by which an entry may miss bar 0. */
const TOLERANCE = 1e-4;

/** So much of what a take has before bar 0 as there is time for, where its mood is entered there. */
export function pickupFrames(
  { setting }: Phrase,
  { spec }: LoadedTake,
  now: Seconds,
  sampleRate: number,
): number {
  const { startsAt, entersAt, tempo } = setting;
  if (Math.abs(entersAt - startsAt) > TOLERANCE) return 0;
  const whole = spec.entry * (spec.tempo / tempo);
  return Math.max(0, Math.floor(Math.min(whole, entersAt - now - PICKUP_NOTICE) * sampleRate));
}
