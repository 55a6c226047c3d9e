import type { Movement } from "../music/dynamics.ts";
import type { PlayedNote } from "../music/orchestrate.ts";
import type { FrameMovement, FrameNote } from "../renderer-worker/service.ts";
import { ticksPerBar } from "../time/meter.ts";
import { timeOfBar, type Section } from "../time/section.ts";
import { frames, type Frames } from "../time/units.ts";
import { barOfPart, partCount, TAIL, type Phrase } from "./phrase.ts";

/** Where notes begin: at a bar of a section. */
interface Place {
  readonly setting: Section;
  readonly firstBar: number;
}

/**
 * A bar is not a whole number of samples. Every bar line is rounded from its exact distance to the
 * start of the section, which itself is rounded to a whole frame: what one bar loses the next one gains,
 * and nothing drifts.
 */
export function partFrames(
  phrase: Phrase,
  part: number,
  sampleRate: number,
): { from: Frames; to: Frames; startsAt: Frames } {
  const start = frameOfBar(phrase, 0, sampleRate);
  const from = frameOfBar(phrase, barOfPart(phrase, part), sampleRate);
  const isTail = part === partCount(phrase) - 1;
  const to = isTail
    ? from + Math.round(TAIL * sampleRate)
    : frameOfBar(phrase, barOfPart(phrase, part + 1), sampleRate);
  const anchor = Math.round(phrase.setting.startsAt * sampleRate);
  return { from: frames(from - start), to: frames(to - start), startsAt: frames(anchor + from) };
}

/** Frames from bar 0 of a section, the last excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where a part of a phrase lies in its section. */
export function spanOfPart(phrase: Phrase, part: number, sampleRate: number): Span {
  const start = frameOfBar(phrase, 0, sampleRate);
  const { from, to } = partFrames(phrase, part, sampleRate);
  return { from: start + from, to: start + to };
}

/** Frames from bar 0 of the setting to a bar of the phrase. */
export function frameOfBar({ setting, firstBar }: Place, bar: number, sampleRate: number): number {
  return Math.round((timeOfBar(setting, firstBar + bar) - setting.startsAt) * sampleRate);
}

/** Notes in frames from the start of their phrase, in order. */
export function frameNotes(
  notes: readonly PlayedNote[],
  place: Place,
  sampleRate: number,
): readonly FrameNote[] {
  const frameOf = framesAt(place, sampleRate);
  return notes
    .map(({ at, duration, pitch, velocity, plucked }) => ({
      at: frames(Math.max(0, frameOf(at))),
      end: frameOf(at + duration),
      pitch,
      velocity,
      ...(plucked === undefined ? {} : { plucked }),
    }))
    .toSorted((a, b) => a.at - b.at);
}

/** Movements in frames from the start of their phrase, in their order. */
export function frameMovements(
  movements: readonly Movement[],
  place: Place,
  sampleRate: number,
): readonly FrameMovement[] {
  const frameOf = framesAt(place, sampleRate);
  return movements.map(({ kind, at, duration, amount }) => ({
    kind,
    at: frameOf(at),
    end: frameOf(at + duration),
    amount,
  }));
}

/** Which frame a tick of the phrase falls on. */
function framesAt(place: Place, sampleRate: number): (at: number) => Frames {
  const barTicks = ticksPerBar(place.setting.meter);
  const start = frameOfBar(place, 0, sampleRate);
  return (at) => frames(frameOfBar(place, at / barTicks, sampleRate) - start);
}
