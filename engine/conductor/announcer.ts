import type { SectionCue } from "../director/cue.ts";
import { beatsBetween, type Beat } from "../time/beats.ts";
import { seconds, type Seconds } from "../time/units.ts";

/** How long before their sound beats are told. */
const NOTICE: Seconds = seconds(0.1);

/** Tells every beat once, ahead of its sound, across changes of tempo. */
export class Announcer {
  readonly #tell: (section: SectionCue, beat: Beat) => void;
  #told: Seconds = seconds(-1);
  #last: SectionCue | undefined;

  constructor(tell: (section: SectionCue, beat: Beat) => void) {
    this.#tell = tell;
  }

  /** `next` takes over from `section` at its start. */
  tick(section: SectionCue, next: SectionCue | undefined, now: Seconds): void {
    const upTo = seconds(now + NOTICE);
    if (this.#last !== undefined && this.#last.index !== section.index) {
      this.#tellUntil(this.#last, section.startsAt, section.startsAt);
    }
    this.#last = section;
    this.#tellUntil(section, upTo, next?.startsAt);
    if (next !== undefined) {
      for (const beat of beatsBetween(next, this.#told, upTo)) this.#tell(next, beat);
    }
    this.#told = upTo;
  }

  /** Beats up to a moment, without those that a later section has taken over. */
  #tellUntil(section: SectionCue, upTo: Seconds, end: Seconds | undefined): void {
    for (const beat of beatsBetween(section, this.#told, upTo)) {
      if (end === undefined || beat.at < end) this.#tell(section, beat);
    }
  }
}
