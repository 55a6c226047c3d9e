import fc from "fast-check";
import type { GameEvent } from "../../engine/director/event.ts";
import { seconds, unitInterval } from "../../engine/time/units.ts";
import { evenly, MOODS, PLACES, SIGNALS, STINGERS } from "./random-score.ts";

type Untimed<Event> = Event extends GameEvent ? Omit<Event, "at"> : never;

/** What a game does at a moment; `ahead`: so many seconds later lies the hit point. */
export type Deed =
  | Exclude<Untimed<GameEvent>, { kind: "hit" }>
  | (Omit<Extract<Untimed<GameEvent>, { kind: "hit" }>, "time"> & { readonly ahead: number })
  | { readonly kind: "pause" | "resume" | "save" | "restore" };

/** A game as it goes: what it does, how long after what it did before, and how often the engine looks. */
export interface Game {
  /** Before the music begins. */
  readonly before: readonly Deed[];
  readonly moves: readonly { readonly wait: number; readonly deed: Deed }[];
  /** Seconds from one tick to the next, over and over; none: a tick at every control point. */
  readonly ticks: readonly number[];
}

const mood = fc.constantFrom<string>(...MOODS, "nowhere");
const place = fc.constantFrom<string>(...PLACES, "nowhere");
const id = fc.integer({ min: 1, max: 6 });
const hitName = fc.constantFrom("gate", "jump", "__proto__");
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(0, 0.3, 0.6, 0.8, 1) },
  { weight: 3, arbitrary: evenly(1) },
  { weight: 1, arbitrary: fc.anything() },
);

const deeds: Readonly<Record<string, fc.WeightedArbitrary<Deed>>> = {
  signal: {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("signal" as const),
      name: fc.constantFrom<string>(...SIGNALS, ...SIGNALS, ...SIGNALS, "__proto__"),
      value,
    }),
  },
  location: {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("location" as const), name: place }),
  },
  blend: {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("blend" as const),
      weights: fc.dictionary(
        place,
        evenly(3).map((weight) => weight - 1),
      ),
    }),
  },
  trigger: {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("trigger" as const),
      stinger: fc.constantFrom<string>(...STINGERS, "none"),
    }),
  },
  hold: {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("hold" as const),
      id,
      mood,
      priority: fc.integer({ min: -3, max: 3 }),
      lasts: fc.constantFrom(
        undefined,
        { value: 2, unit: "bars" as const },
        { value: 3, unit: "beats" as const },
        { value: 0.7, unit: "seconds" as const },
      ),
    }),
  },
  release: { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), id }) },
  "release-mood": {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("release-mood" as const), mood }),
  },
  hit: {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("hit" as const),
      name: hitName,
      ahead: evenly(20),
      strength: evenly(1).map(unitInterval),
    }),
  },
  "cancel-hit": {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("cancel-hit" as const), name: hitName }),
  },
  expect: {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("expect" as const),
      name: mood,
      probability: evenly(1).map(unitInterval),
    }),
  },
  "time-scale": {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("time-scale" as const),
      scale: fc.constantFrom(0.25, 0.5, 1, 1, 1.3, 4),
    }),
  },
  pause: { weight: 1, arbitrary: fc.constant({ kind: "pause" as const }) },
  resume: { weight: 1, arbitrary: fc.constant({ kind: "resume" as const }) },
  save: { weight: 1, arbitrary: fc.constant({ kind: "save" as const }) },
  restore: { weight: 1, arbitrary: fc.constant({ kind: "restore" as const }) },
};

/** Events a second: some games tell of a change now and then, others set everything at every frame. */
const RATES = [1, 1, 7, 60, 1000, 10_000] as const;

export interface GameOptions {
  /** Seconds between ticks, at most; `control`: a tick at every control point, so that each state is seen. */
  readonly ticks: number | "control";
  /** Kinds that the game leaves alone. */
  readonly without?: readonly (keyof typeof deeds)[];
}

/** Bursts of deeds at any rate, with quiet between them; half a minute, more or less. */
export function randomGame({ ticks, without = [] }: GameOptions): fc.Arbitrary<Game> {
  const possible = Object.entries(deeds).filter(([kind]) => !without.includes(kind));
  const deed = fc.oneof(...possible.map(([, weighted]) => weighted));
  const burst = fc
    .record({
      quiet: evenly(8),
      rate: fc.constantFrom(...RATES),
      deeds: fc.array(deed, { minLength: 1, maxLength: 12 }),
    })
    .map(({ quiet, rate, deeds: done }) =>
      done.map((each, index) => ({ wait: index === 0 ? quiet : 1 / rate, deed: each })),
    );
  return fc.record({
    before: fc.array(deed, { maxLength: 3 }),
    moves: fc.array(burst, { minLength: 1, maxLength: 5 }).map((bursts) => bursts.flat()),
    ticks: ticks === "control" ? fc.constant([]) : tickLengths(ticks),
  });
}

/** Seconds: the longest tick at which nothing is missed, for a change is final half a second ahead. */
export const LONGEST_TICK = 0.35;
/** Shortest tick, in seconds. */
const SHORTEST_TICK = 0.001;

/** A tick of the engine, of a hidden tab or of a busy machine, and all of them in turn. */
export const tickLengths = (most: number): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.oneof(
      fc.constantFrom(...[SHORTEST_TICK, 0.016, 0.04, 0.05, 0.25, 1, 2].filter((at) => at <= most)),
      evenly(most - SHORTEST_TICK).map((more) => SHORTEST_TICK + more),
    ),
    { minLength: 1, maxLength: 4 },
  );

/** At the ticks of an engine that is not held up, saves and all, or at slow and uneven ones without saves. */
export const anyGame: fc.Arbitrary<Game> = fc.oneof(
  randomGame({ ticks: LONGEST_TICK }),
  randomGame({ ticks: 2, without: ["save", "restore"] }),
);

/** What a game does that neither pauses nor saves, as a log; its deeds before the start are its first. */
export function eventsOf({ before, moves }: Game): readonly GameEvent[] {
  let at = 0;
  return [...before.map((deed) => ({ wait: 0, deed })), ...moves].flatMap(({ wait, deed }) => {
    at += wait;
    return isOfPlayer(deed) ? [] : [eventOf(deed, at)];
  });
}

type OfPlayer = Extract<Deed, { kind: "pause" | "resume" | "save" | "restore" }>;

/** Whether a deed is about the music as a whole. */
export const isOfPlayer = (deed: Deed): deed is OfPlayer =>
  ["pause", "resume", "save", "restore"].includes(deed.kind);

/** The same deed as an event of the director's. */
export function eventOf(deed: Exclude<Deed, OfPlayer>, at: number): GameEvent {
  if (deed.kind !== "hit") return { ...deed, at: seconds(at) };
  const { ahead, ...hit } = deed;
  return { ...hit, at: seconds(at), time: seconds(at + ahead) };
}
