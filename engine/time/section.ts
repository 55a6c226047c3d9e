import { beatsPerBar, ticksPerBar, type Meter } from "./meter.ts";
import { TICKS_PER_QUARTER, seconds, type Bpm, type Seconds, type Ticks } from "./units.ts";

/**
 * A stretch of music in one tempo and meter, anchored at one moment. This file is the only place
 * where musical time becomes seconds: always one multiplication from the anchor, so that nothing
 * drifts however long a section lasts.
 */
export interface Section {
  readonly startsAt: Seconds;
  readonly tempo: Bpm;
  readonly meter: Meter;
}

/** Tempo counts quarter notes in every meter. */
export const secondsOf = (length: Ticks, tempo: Bpm): Seconds =>
  seconds((length * 60) / (TICKS_PER_QUARTER * tempo));

/** When a bar begins; bar 0 is the section's first. */
export const timeOfBar = (section: Section, bar: number): Seconds =>
  seconds(section.startsAt + bar * secondsOf(ticksPerBar(section.meter), section.tempo));

export const timeOfBeat = (section: Section, beat: number): Seconds =>
  timeOfBar(section, beat / beatsPerBar(section.meter));

/** A millionth of a beat: what rounding in doubles may cost over a day, and far below one frame. */
const TOLERANCE = 1e-6;

/** The bar that sounds at a moment and the beat within it, both from 0. Negative before the section. */
export function positionAt(section: Section, time: Seconds): { bar: number; beat: number } {
  const beats = beatsPerBar(section.meter);
  const barLength = timeOfBar(section, 1) - section.startsAt;
  const beat = Math.floor(((time - section.startsAt) / barLength) * beats + TOLERANCE);
  return { bar: Math.floor(beat / beats), beat: ((beat % beats) + beats) % beats };
}

/** Where in the music a change may fall; `2 bars` is every second bar line, counted from the section's first. */
export type SyncPoint = "immediate" | "beat" | "bar" | "phrase" | GridPoint;
type GridPoint = `${number} bars` | `${number} beats`;

/**
 * The first sync point at or after `notBefore`, never the section's own beginning: a change asked
 * for on a boundary waits for the following one because the caller adds its lookahead.
 */
export function nextSyncPoint(
  section: Section,
  sync: SyncPoint,
  phraseBars: number,
  notBefore: Seconds,
): Seconds {
  if (sync === "immediate") return notBefore;
  const bars = barsBetween(sync, section.meter, phraseBars);
  const step = timeOfBar(section, bars) - section.startsAt;
  const count = Math.max(1, Math.ceil((notBefore - section.startsAt) / step - TOLERANCE));
  return timeOfBar(section, count * bars);
}

function barsBetween(
  sync: Exclude<SyncPoint, "immediate">,
  meter: Meter,
  phraseBars: number,
): number {
  switch (sync) {
    case "beat":
      return 1 / beatsPerBar(meter);
    case "bar":
      return 1;
    case "phrase":
      return phraseBars;
    default: {
      const count = Number.parseInt(sync, 10);
      return sync.endsWith(" bars") ? count : count / beatsPerBar(meter);
    }
  }
}
