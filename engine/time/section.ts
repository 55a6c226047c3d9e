import { beatsPerBar, ticksPerBar, type Meter } from "./meter.ts";
import { TICKS_PER_QUARTER, bpm, seconds, type Bpm, type Seconds, type Ticks } from "./units.ts";

/**
 * A stretch of music in one meter, anchored at the moment of its bar 0. This file is the only place
 * where musical time becomes seconds: always one step from the anchor, so that nothing drifts however
 * long a section lasts.
 */
export interface Section {
  /** When bar 0 begins, or would have begun where the music enters later. */
  readonly startsAt: Seconds;
  readonly tempo: Bpm;
  readonly meter: Meter;
  /** The tempo goes over to another, evenly from bar 0 on; afterwards it stays there. */
  readonly ramp?: TempoRamp | undefined;
}

interface TempoRamp {
  readonly to: Bpm;
  readonly bars: number;
}

/** Tempo counts quarter notes in every meter. */
export const secondsOf = (length: Ticks, tempo: Bpm): Seconds =>
  seconds((length * 60) / (TICKS_PER_QUARTER * tempo));

/** When a bar begins; bar 0 is the section's first. Fractions and bars before it are fine. */
export const timeOfBar = (section: Section, bar: number): Seconds =>
  seconds(section.startsAt + secondsBefore(section, bar));

export const timeOfBeat = (section: Section, beat: number): Seconds =>
  timeOfBar(section, beat / beatsPerBar(section.meter));

/**
 * Seconds from bar 0 to a bar. While the tempo goes evenly from `a` to `b` over the bars of a ramp, the
 * time to position x is the integral of 1 / tempo: ln(tempo(x) / a) / ln(b / a) of the logarithmic mean.
 */
function secondsBefore({ tempo, meter, ramp }: Section, bar: number): number {
  const barSeconds = secondsOf(ticksPerBar(meter), tempo);
  if (ramp === undefined || ramp.to === tempo || bar <= 0) return barSeconds * bar;
  const slope = (ramp.to - tempo) / ramp.bars; // bpm a bar
  const inside = Math.min(bar, ramp.bars);
  const ramped = (barSeconds * tempo * Math.log1p((slope * inside) / tempo)) / slope;
  return ramped + secondsOf(ticksPerBar(meter), ramp.to) * (bar - inside);
}

/** The inverse of `timeOfBar`: bars from the section's first to a moment, negative before it. */
export function barsUntil(section: Section, time: Seconds): number {
  const { tempo, meter, ramp, startsAt } = section;
  const elapsed = time - startsAt;
  const barSeconds = secondsOf(ticksPerBar(meter), tempo);
  if (ramp === undefined || ramp.to === tempo || elapsed <= 0) return elapsed / barSeconds;
  const end = secondsBefore(section, ramp.bars);
  if (elapsed >= end) {
    return ramp.bars + (elapsed - end) / secondsOf(ticksPerBar(meter), ramp.to);
  }
  const slope = (ramp.to - tempo) / ramp.bars;
  return (tempo * Math.expm1((slope * elapsed) / (barSeconds * tempo))) / slope;
}

/** The tempo at a bar, within a ramp as after it. */
export function tempoAt({ tempo, ramp }: Section, bar: number): Bpm {
  if (ramp === undefined) return tempo;
  const share = Math.max(0, Math.min(1, bar / ramp.bars));
  return bpm(tempo + (ramp.to - tempo) * share);
}

/** A millionth of a beat: what rounding in doubles may cost over a day, and far below one frame. */
export const TOLERANCE = 1e-6;

/** The bar that sounds at a moment and the beat within it, both from 0. Negative before the section. */
export function positionAt(section: Section, time: Seconds): { bar: number; beat: number } {
  const beats = beatsPerBar(section.meter);
  const beat = Math.floor(barsUntil(section, time) * beats + TOLERANCE);
  return { bar: Math.floor(beat / beats), beat: ((beat % beats) + beats) % beats };
}
