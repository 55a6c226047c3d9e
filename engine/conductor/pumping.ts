import { ticksPerBar } from "../time/meter.ts";
import { timeOfBar } from "../time/section.ts";
import {
  decibels,
  gainOf,
  unitInterval,
  type Decibels,
  type Seconds,
  type UnitInterval,
} from "../time/units.ts";
import { barOfPart, type Phrase } from "./phrase.ts";

/** When a stem gives way to a kick, in seconds since the music began, and down to which gain. */
interface KickDip {
  readonly at: Seconds;
  readonly to: UnitInterval;
}

/** The bass drums of the General MIDI percussion map. */
const KICKS: ReadonlySet<number> = new Set([35, 36]);
/** Velocity from which a kick counts in full. */
const FIRM = 100;

/**
 * The dips of a stem under the kicks of a part of its phrase: `most` at intensity 1 under a firm kick, and less
 * in proportion in decibels. None where the drums have no notes of their own, and none in a stinger.
 */
export function dipsOf(phrase: Phrase, part: number, most: Decibels): readonly KickDip[] {
  const { plan, take, authored, setting, firstBar } = phrase;
  const isDrummed = plan.stems.includes("drums") && !authored.has("drums");
  if (take === undefined || !isDrummed || plan.bars[0]?.role === "stinger") return [];
  const barTicks = ticksPerBar(setting.meter);
  const from = barOfPart(phrase, part) * barTicks;
  const to = barOfPart(phrase, part + 1) * barTicks;
  return take.notes.drums.flatMap(({ at, pitch, velocity }) => {
    if (!KICKS.has(pitch) || at < from || at >= to) return [];
    const intensity = plan.bars[Math.floor(at / barTicks)]?.intensity ?? 0;
    const depth = decibels(most * intensity * Math.min(1, velocity / FIRM));
    const time = timeOfBar(setting, firstBar + at / barTicks);
    return [{ at: time, to: unitInterval(gainOf(depth)) }];
  });
}
