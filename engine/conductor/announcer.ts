import type { SectionCue } from "../director/cue.ts";
import { phraseBars } from "../director/tempo.ts";
import { gridOf } from "../director/transitions.ts";
import { beatsBetween, type Beat } from "../time/beats.ts";
import { barsUntil, timeOfBar } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";

/** How long before their sound beats are told. */
const NOTICE: Seconds = seconds(0.1);
/** What rounding may put between a section's entry and its first beat. */
const TOLERANCE = 1e-6;

export interface AnnouncerEvents {
  beat(section: SectionCue, beat: Beat): void;
  marker(section: SectionCue, name: string, at: Seconds): void;
}

/** Tells every beat and marker once, ahead of its sound, across changes of tempo. */
export class Announcer {
  readonly #events: AnnouncerEvents;
  #told: Seconds;
  #last: SectionCue | undefined;

  /** Begins after `from`, in seconds since the music began. */
  constructor(events: AnnouncerEvents, from: Seconds = seconds(-1)) {
    this.#events = events;
    this.#told = from;
  }

  /** `next` takes over from `section` at its entry. */
  tick(section: SectionCue, next: SectionCue | undefined, now: Seconds): void {
    const upTo = seconds(Math.max(now + NOTICE, this.#told));
    if (this.#last !== undefined && this.#last.entersAt !== section.entersAt) {
      this.#tell(this.#last, section.entersAt, section.entersAt);
    }
    this.#last = section;
    this.#tell(section, upTo, next?.entersAt);
    if (next !== undefined) this.#tell(next, upTo, undefined);
    this.#told = upTo;
  }

  /** What falls between the last call and a moment, within the section's own time. */
  #tell(section: SectionCue, upTo: Seconds, end: Seconds | undefined): void {
    const isOwn = (at: Seconds): boolean =>
      at >= section.entersAt - TOLERANCE && (end === undefined || at < end - TOLERANCE);
    for (const beat of beatsBetween(section, this.#told, upTo)) {
      if (isOwn(beat.at)) this.#events.beat(section, beat);
    }
    for (const { name, at } of markersBetween(section, this.#told, upTo)) {
      if (isOwn(at)) this.#events.marker(section, name, at);
    }
  }
}

/** The markers of a section in the half-open span `(after, upTo]`. */
function markersBetween(
  section: SectionCue,
  after: Seconds,
  upTo: Seconds,
): readonly { readonly name: string; readonly at: Seconds }[] {
  const { markers } = gridOf(section);
  if (markers.length === 0 || section.bridge !== undefined) return [];
  const length = phraseBars(section);
  const first = Math.max(0, Math.floor(barsUntil(section, after) / length));
  const last = Math.floor(barsUntil(section, upTo) / length);
  const found: { name: string; at: Seconds }[] = [];
  for (let phrase = first; phrase <= last; phrase += 1) {
    for (const { name, bar } of markers) {
      const at = timeOfBar(section, phrase * length + bar);
      if (at > after && at <= upTo) found.push({ name, at });
    }
  }
  return found.toSorted((a, b) => a.at - b.at);
}
