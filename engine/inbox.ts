import type { GameEvent } from "./director/director.ts";
import type { Reporter } from "./reporter.ts";
import type { Score } from "./score/score.ts";
import type { Seconds } from "./time/units.ts";

/** Events that wait for one tick, at most: a game that floods must not fill the memory. */
const MOST_EVENTS = 4096;

/** What the game says between two ticks. */
export class Inbox {
  readonly #score: Score;
  readonly #reporter: Reporter;
  #events: GameEvent[] = [];

  constructor(score: Score, reporter: Reporter) {
    this.#score = score;
    this.#reporter = reporter;
  }

  /** Makes an event of what was set, or warns. Values of signals are looked at by `signals/`. */
  read(signal: string, value: unknown, at: Seconds): GameEvent | undefined {
    if (signal !== "location") return { kind: "signal", at, name: signal, value };
    if (typeof value !== "string") {
      const message = `location must be a name, got ${String(value)}`;
      this.#reporter.warn("not-text", "location", message);
      return undefined;
    }
    if (this.#score.locations.some(({ name }) => name === value)) {
      return { kind: "location", at, name: value };
    }
    const names = this.#score.locations.map(({ name }) => name).join(", ") || "none";
    this.#reporter.warn(
      "unknown-location",
      value,
      `no location "${value}"; the score has ${names}`,
    );
    return undefined;
  }

  /** Keeps an event for the next tick. Of too many, the oldest values of signals go first. */
  keep(event: GameEvent): void {
    this.#events.push(event);
    if (this.#events.length <= MOST_EVENTS) return;
    const oldest = this.#events.findIndex(({ kind }) => kind === "signal");
    this.#events.splice(Math.max(0, oldest), 1);
    const message = `more than ${MOST_EVENTS} values were set between two ticks; the oldest are dropped`;
    this.#reporter.warn("events-dropped", "set", message);
  }

  /** All that was kept, in order; the inbox is empty then. */
  empty(): readonly GameEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
