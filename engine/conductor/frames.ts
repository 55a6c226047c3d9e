import type { Note } from "../music/note.ts";
import type { FrameNote } from "../renderer-worker/service.ts";
import { ticksPerBar } from "../time/meter.ts";
import { secondsOf } from "../time/section.ts";
import { frames, ticks, type Bpm, type Frames } from "../time/units.ts";
import { barOfPart, partCount, TAIL, type Phrase } from "./phrase.ts";

/**
 * A bar is not a whole number of samples. Every bar line is rounded from its exact distance to the
 * start of the section, which itself lies on a whole frame: what one bar loses the next one gains, and
 * nothing drifts.
 */
export function partFrames(
  phrase: Phrase,
  part: number,
  sampleRate: number,
): { from: Frames; to: Frames; startsAt: Frames } {
  const { section, cue, plan } = phrase;
  const barTicks = ticksPerBar(section.meter);
  const firstBar = cue.index * plan.bars.length;
  const frameOf = (at: number): number => {
    const bars = firstBar + barOfPart(phrase, at);
    return Math.round(secondsOf(ticks(bars * barTicks), section.tempo) * sampleRate);
  };
  const start = frameOf(0);
  const from = frameOf(part);
  const isTail = part === partCount(phrase) - 1;
  const to = isTail ? from + Math.round(TAIL * sampleRate) : frameOf(part + 1);
  const anchor = Math.round(section.startsAt * sampleRate);
  return { from: frames(from - start), to: frames(to - start), startsAt: frames(anchor + from) };
}

/** Notes in frames from the start of their take, in order. */
export function frameNotes(
  notes: readonly Note[],
  tempo: Bpm,
  sampleRate: number,
): readonly FrameNote[] {
  const frameOf = (at: number): Frames => frames(secondsOf(ticks(at), tempo) * sampleRate);
  return notes
    .map(({ at, duration, pitch, velocity }) => ({
      at: frames(Math.max(0, frameOf(at))),
      end: frameOf(at + duration),
      pitch,
      velocity,
    }))
    .toSorted((a, b) => a.at - b.at);
}
