import { Conductor } from "../../../engine/conductor/conductor.ts";
import { partCount, timeOfPart } from "../../../engine/conductor/phrase.ts";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { barsUntil, timeOfBar } from "../../../engine/time/section.ts";
import { beatsPerBar, ticksPerBar } from "../../../engine/time/meter.ts";
import { TICKS_PER_QUARTER } from "../../../engine/time/units.ts";

/** A bar line that was heard. */
export interface BarLine {
  /** Context time, in seconds. */
  readonly at: number;
  /** Frames from where the tempo map has it to the first sample that was scheduled there. */
  readonly error: number;
}

/** What the music's own clock and the browser's scheduler said of bar lines. */
export interface BarLines {
  readonly lines: readonly BarLine[];
  /** Bar lines that were due, but at which no stem began a chunk in time: all that plays rests, or came late. */
  readonly unheard: number;
  /** Of all sections, how far one was entered from a beat of the one before it, in frames. */
  readonly entryError: number;
  readonly sections: number;
}

/** Seconds: a chunk that starts this near to a bar line was meant for it. */
const NEAR = 0.002;
/** Frames: both the tempo map's bar line and the start are rounded to whole ones. */
const EXACT = 1;
/** Seconds: what is scheduled so shortly before it sounds came late, and may begin in its middle. */
const HURRIED = 0.1;
/** Seconds after a bar line in which what was meant for it may still begin. */
const LATEST = 2;
/** Seconds for which starts that have gone are remembered. */
const REMEMBERED = 3;

/** Watches the one soundtrack that is made after it. Call it before. */
export function watchBarLines(sampleRate: number): BarLines {
  const found = { lines: [] as BarLine[], unheard: 0, entryError: 0, sections: 0 };
  const starts = new Map<AudioBufferSourceNode, number>();
  const hurried = new Set<number>();
  /** Where what was meant for the line comes late, the chunk of a stinger or of another section may lie near by chance. */
  let doubtful: BarLine[] = [];
  let origin = 0;
  let last = 0;
  let previous: SectionCue | undefined;

  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, duration?: number) {
    const isHurried = when - this.context.currentTime < HURRIED;
    if (isHurried) hurried.add(when);
    else if (offset === 0) starts.set(this, when);
    if (duration === undefined) start.call(this, when, offset);
    else start.call(this, when, offset, duration);
  };
  AudioBufferSourceNode.prototype.stop = function (when = 0) {
    // What is taken back before it sounds is of a section that has gone: it says nothing of this one.
    if ((starts.get(this) ?? -Infinity) > this.context.currentTime) starts.delete(this);
    stop.call(this, when);
  };

  const hear = (cue: SectionCue, at: number): void => {
    const due = origin + at;
    const nearest = [...starts.values()].reduce(
      (best, each) => (Math.abs(each - due) < Math.abs(best - due) ? each : best),
      Infinity,
    );
    const line = { at: due, error: (nearest - due) * sampleRate };
    if (Math.abs(nearest - due) > NEAR) found.unheard += 1;
    else if (Math.abs(line.error) > EXACT) doubtful.push(line);
    else found.lines.push(line);
    if (cue === previous) return;
    if (previous !== undefined && isOnGridOf(cue, previous)) {
      const offBeat = offGrid(cue, previous) * sampleRate;
      found.entryError = Math.max(found.entryError, offBeat);
    }
    found.sections += 1;
    previous = cue;
  };

  const judgeUpTo = (time: number): void => {
    for (const line of doubtful.filter(({ at }) => at + LATEST < time)) {
      const cameLate = [...hurried].some((when) => when > line.at && when < line.at + LATEST);
      if (cameLate) found.unheard += 1;
      else found.lines.push(line);
    }
    doubtful = doubtful.filter(({ at }) => at + LATEST >= time);
  };

  const { begin, tick } = Conductor.prototype;
  Conductor.prototype.begin = function (at) {
    origin = at;
    begin.call(this, at);
  };
  Conductor.prototype.tick = function (now, events, upTo) {
    tick.call(this, now, events, upTo);
    if (now < last) last = now;
    for (const [index, { cue, phrases }] of this.sections.entries()) {
      const next = this.sections[index + 1];
      const end = Math.min(now, next?.entered.at ?? Infinity);
      for (const at of linesOf(cue, Math.max(last, cue.entersAt), end)) {
        const isPlayed = phrases.some(
          (phrase) =>
            timeOfPart(phrase, 0) <= at + NEAR &&
            at < timeOfPart(phrase, partCount(phrase) - 1) - NEAR,
        );
        if (isPlayed) hear(cue, at);
      }
    }
    last = now;
    judgeUpTo(origin + now);
    const gone = origin + now - REMEMBERED;
    for (const [node, when] of starts) if (when < gone) starts.delete(node);
    for (const when of hurried) if (when < gone) hurried.delete(when);
  };
  return found;
}

/** Seconds to the nearest beat of the section before; a hit point may also lie between two beats. */
function offGrid({ entersAt, cause }: SectionCue, previous: SectionCue): number {
  const steps = beatsPerBar(previous.meter) * (cause === "hit" ? 2 : 1);
  const bar = barsUntil(previous, entersAt);
  return Math.abs(entersAt - timeOfBar(previous, Math.round(bar * steps) / steps));
}

/** After a restore the music begins where the moment is. */
const isOnGridOf = ({ cause, index }: SectionCue, previous: SectionCue): boolean =>
  cause !== "restore" && index === previous.index + 1;

/** Seconds since the music began of the bar lines in the half-open span `(after, upTo]`. */
function linesOf(cue: SectionCue, after: number, upTo: number): readonly number[] {
  const exact = cue.ramp === undefined;
  const quarters = ticksPerBar(cue.meter) / TICKS_PER_QUARTER;
  const lines: number[] = [];
  for (let bar = Math.floor(barsUntil(cue, cue.startsAt) + 1e-6); ; bar += 1) {
    const at = exact ? cue.startsAt + (bar * quarters * 60) / cue.tempo : timeOfBar(cue, bar);
    if (at > upTo) return lines;
    if (at > after) lines.push(at);
  }
}
