import type { HitOptions, HoldOptions, TriggerOptions } from "./call-options.ts";
import type { GameEvent, Placing } from "./director/event.ts";
import type { Hold } from "./director/state.ts";
import { textOf, type Reporter } from "./reporter.ts";
import type { Length, Score } from "./score/score.ts";
import { lengthOf } from "./score/length.ts";
import type { WarningCode } from "./soundtrack-interface.ts";
import { decibels, seconds, unitInterval, type Seconds } from "./time/units.ts";

/** Events that wait for one tick, at most: a game that floods must not fill the memory. */
const MOST_EVENTS = 4096;
const STRENGTH = 0.8;
const LONGEST_NAME = 200;
/** Unknown places that one blend is warned of. */
const MOST_TOLD = 100;
const LONGEST_WAIT: Seconds = seconds(3600);
const SCALES = { least: 0.25, most: 4 } as const;
/** Decibels. */
const SILENT = -60;

/** What the game says between two ticks: makes events of it, or warns. */
export class Inbox {
  readonly #score: Score;
  readonly #reporter: Reporter;
  #events: GameEvent[] = [];
  #holds = 0;

  constructor(score: Score, reporter: Reporter) {
    this.#score = score;
    this.#reporter = reporter;
  }

  /** What was set. Values of signals are looked at by `signals/`; what is no number is kept as null, as JSON has it. */
  read(signal: unknown, value: unknown, at: Seconds): GameEvent | undefined {
    if (signal !== "location") {
      if (typeof signal !== "string" || !Object.hasOwn(this.#score.signals, signal)) {
        const named = typeof signal === "string" ? signal.slice(0, LONGEST_NAME) : textOf(signal);
        const message = `the score has no signal "${named}"; it is ignored`;
        this.#reporter.warn("unknown-signal", named, message);
        return undefined;
      }
      const isNumber = typeof value === "number" && Number.isFinite(value);
      return { kind: "signal", at, name: signal, value: isNumber ? value : null };
    }
    const { locations } = this.#score;
    return this.#isKnown("location", value, locations, "unknown-location")
      ? { kind: "location", at, name: value }
      : undefined;
  }

  readBlend(weights: unknown, at: Seconds): GameEvent | undefined {
    if (typeof weights !== "object" || weights === null) {
      this.#reporter.warn("not-text", "blend", "blend takes weights by the names of places");
      return undefined;
    }
    const known: Record<string, number> = Object.create(null);
    const { locations } = this.#score;
    let told = 0;
    for (const [name, weight] of Object.entries(weights)) {
      if (!locations.some((each) => each.name === name)) {
        told += 1;
        if (told <= MOST_TOLD) this.#isKnown("location", name, locations, "unknown-location");
      } else if (typeof weight === "number" && weight >= 0 && weight < Infinity) {
        known[name] = weight;
      } else {
        this.#reporter.warn("not-a-number", name, `the weight of "${name}" is no number from 0`);
      }
    }
    return { kind: "blend", at, weights: known };
  }

  readTrigger(stinger: unknown, at: Seconds, options?: TriggerOptions): GameEvent | undefined {
    const { stingers } = this.#score;
    if (!this.#isKnown("stinger", stinger, stingers, "unknown-stinger")) return undefined;
    return { kind: "trigger", at, stinger, ...this.#placing(options) };
  }

  /** Nothing where it is in the middle and at its own level. */
  #placing(options: TriggerOptions | undefined): { readonly placing?: Placing } {
    const pan = this.#within("pan", options?.pan, -1, 1);
    const level = this.#within("level of a stinger", options?.level, SILENT, 0);
    return pan === 0 && level === 0 ? {} : { placing: { pan, level: decibels(level) } };
  }

  /** A number within bounds that hold 0, which is the default. */
  #within(what: string, value: unknown, least: number, most: number): number {
    if (value === undefined) return 0;
    if (typeof value !== "number" || Number.isNaN(value)) {
      this.#reporter.warn("not-a-number", what, `a ${what} that is no number counts as 0`);
      return 0;
    }
    const clamped = Math.max(least, Math.min(most, value));
    if (clamped !== value) {
      const message = `a ${what} lies within [${least}, ${most}]; it is clamped`;
      this.#reporter.warn("out-of-range", what, message);
    }
    return clamped;
  }

  readHold(mood: unknown, options: HoldOptions | undefined, at: Seconds): HoldEvent | undefined {
    if (!this.#isKnown("mood", mood, this.#score.moods, "unknown-mood")) return undefined;
    const lasts = options?.for === undefined ? undefined : this.#length("hold", options.for);
    if (options?.for !== undefined && lasts === undefined) return undefined;
    const given = options?.priority ?? 0;
    const priority = Number.isFinite(given) ? given : 0;
    if (priority !== given) {
      this.#reporter.warn("not-a-number", "priority", "a priority that is no number counts as 0");
    }
    this.#holds += 1;
    return { kind: "hold", at, id: this.#holds, mood, priority, lasts };
  }

  readRelease(mood: unknown, at: Seconds): GameEvent | undefined {
    return this.#isKnown("mood", mood, this.#score.moods, "unknown-mood")
      ? { kind: "release-mood", at, mood }
      : undefined;
  }

  readExpect(name: unknown, probability: unknown, at: Seconds): GameEvent | undefined {
    const known = [...this.#score.moods, ...this.#score.locations];
    if (!this.#isKnown("mood or location", name, known, "unknown-mood")) return undefined;
    if (typeof probability !== "number" || Number.isNaN(probability)) {
      this.#reporter.warn("not-a-number", "expect", "a probability is no number; ignored");
      return undefined;
    }
    return { kind: "expect", at, name, probability: unitInterval(probability) };
  }

  /**
   * Holds that a save brought, under numbers that no hold of this session has had: a handle from before lets
   * go of none of them. Where their own numbers are all free they stay.
   */
  adopt(holds: readonly Hold[]): readonly Hold[] {
    const ids = holds.map(({ id }) => id);
    const by = Math.max(0, this.#holds + 1 - Math.min(...ids));
    this.#holds = Math.max(this.#holds, ...ids.map((id) => id + by));
    return holds.map((held) => ({ ...held, id: held.id + by }));
  }

  readHit(
    name: unknown,
    options: Partial<HitOptions> | undefined,
    at: Seconds,
  ): GameEvent | undefined {
    if (typeof name !== "string" || name.length > LONGEST_NAME) {
      this.#reporter.warn(
        "not-text",
        "hit",
        `a hit point has a name of at most ${LONGEST_NAME} characters`,
      );
      return undefined;
    }
    const wait = readWait(options?.in);
    if (wait === undefined) {
      const message = `a hit point takes a time of at most an hour such as "7.4s", got ${textOf(options?.in)}`;
      this.#reporter.warn("not-a-length", "hit", message);
      return undefined;
    }
    const time = seconds(at + wait);
    const given: unknown = options?.strength ?? STRENGTH;
    const isNumber = typeof given === "number" && !Number.isNaN(given);
    if (!isNumber) {
      const message = `a strength that is no number counts as ${STRENGTH}`;
      this.#reporter.warn("not-a-number", "strength", message);
    }
    return { kind: "hit", at, name, time, strength: unitInterval(isNumber ? given : STRENGTH) };
  }

  /** A hit point that was never named is not there to be taken back. */
  readCancel(name: unknown, at: Seconds): GameEvent | undefined {
    if (typeof name !== "string" || name.length > LONGEST_NAME) return undefined;
    return { kind: "cancel-hit", at, name };
  }

  readTimeScale(scale: unknown, at: Seconds): GameEvent | undefined {
    if (typeof scale !== "number" || Number.isNaN(scale)) {
      this.#reporter.warn("not-a-number", "time scale", "the time scale is no number; ignored");
      return undefined;
    }
    const clamped = Math.max(SCALES.least, Math.min(SCALES.most, scale));
    if (clamped !== scale) {
      const message = `the time scale lies within [${SCALES.least}, ${SCALES.most}]; it is clamped`;
      this.#reporter.warn("out-of-range", "time scale", message);
    }
    return { kind: "time-scale", at, scale: clamped };
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

  /** All that is kept, in order. */
  get waiting(): readonly GameEvent[] {
    return this.#events;
  }

  /** All that was kept, in order; the inbox is empty then. */
  empty(): readonly GameEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #length(what: string, text: unknown): Length | undefined {
    const length = lengthOf(text);
    if (length === undefined) {
      const message = `${what} takes a length such as "8 bars" or "7.4s", got ${textOf(text)}`;
      this.#reporter.warn("not-a-length", what, message);
    }
    return length;
  }

  #isKnown(
    what: "location" | "stinger" | "mood" | "mood or location",
    name: unknown,
    known: readonly { readonly name: string }[],
    code: WarningCode,
  ): name is string {
    if (typeof name !== "string") {
      this.#reporter.warn("not-text", what, `${what} must be a name, got ${textOf(name)}`);
      return false;
    }
    if (known.some((each) => each.name === name)) return true;
    const names = known.map((each) => each.name).join(", ") || "none";
    this.#reporter.warn(code, name, `no ${what} "${name}"; the score has ${names}`);
    return false;
  }
}

/** `7.4s`, `400ms`: at most an hour. */
function readWait(text: unknown): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,9})?) ?(ms|s)$/.exec(typeof text === "string" ? text : "");
  if (match === null) return undefined;
  const wait = Number(match[1]) / (match[2] === "ms" ? 1000 : 1);
  return wait <= LONGEST_WAIT ? wait : undefined;
}

type HoldEvent = Extract<GameEvent, { kind: "hold" }>;
