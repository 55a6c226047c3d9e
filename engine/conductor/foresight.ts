import type { GameEvent } from "../director/event.ts";
import { LOOKAHEAD, SHORTEST_NOTICE } from "../director/timing.ts";
import { seconds, type Seconds } from "../time/units.ts";

/** A look at the clock. Seconds since the music began. */
export interface Look {
  readonly now: Seconds;
  /** Until when is to be decided now, since the next look may come no earlier. */
  readonly upTo: Seconds;
  /** Until when was decided before: what the game does takes effect after that. */
  readonly since: Seconds;
}

/** Looks that come as often as this meet every sync point by themselves. */
const OFTEN = LOOKAHEAD - SHORTEST_NOTICE;
/** Timers of a hidden tab run once a second; more than this ahead the game would wait too long for an answer. */
const FARTHEST = 1.5;

/** Foresees when the clock will be looked at next: where timers are slow, decisions are made so much earlier. */
export class Foresight {
  #last: Seconds = seconds(0);
  #pause = 0;
  #upTo: Seconds = seconds(-Infinity);

  look(now: Seconds): Look {
    const pause = now - this.#last;
    // The shorter of two pauses: a single one says nothing about the next.
    const expected = Math.min(pause, this.#pause);
    const ahead = expected > OFTEN ? Math.min(expected, FARTHEST) : 0;
    const since = this.#upTo;
    this.#last = now;
    this.#pause = pause;
    this.#upTo = seconds(Math.max(since, now + ahead));
    return { now, upTo: this.#upTo, since };
  }

  /** A look between two others, to decide up to `upTo`: it says nothing of when the next comes. */
  glance(now: Seconds, upTo: Seconds): Look {
    const since = this.#upTo;
    this.#upTo = seconds(Math.max(since, upTo));
    return { now, upTo: this.#upTo, since };
  }
}

/** Events as they take effect: none before `since`, so that the same events decide the same again. */
export const effective = (events: readonly GameEvent[], since: Seconds): readonly GameEvent[] =>
  events.map((event) => (event.at < since ? { ...event, at: since } : event));
