import { beatsPerBar } from "./meter.ts";
import { barsUntil, timeOfBeat, type Section } from "./section.ts";
import type { Seconds } from "./units.ts";

export interface Beat {
  /** Of the section, from 0. */
  readonly bar: number;
  readonly beat: number;
  readonly at: Seconds;
}

/** The beats of a section in the half-open span `(after, upTo]`; the section begins with one. */
export function beatsBetween(section: Section, after: Seconds, upTo: Seconds): readonly Beat[] {
  const beats = beatsPerBar(section.meter);
  const found: Beat[] = [];
  const first = Math.max(0, Math.floor(barsUntil(section, after) * beats));
  for (let index = first; timeOfBeat(section, index) <= upTo; index += 1) {
    const at = timeOfBeat(section, index);
    if (at > after) found.push({ bar: Math.floor(index / beats), beat: index % beats, at });
  }
  return found;
}
