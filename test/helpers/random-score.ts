import fc from "fast-check";
import type { Condition } from "../../engine/score/condition.ts";
import { canMeet, opposite } from "../../engine/score/condition-logic.ts";
import type {
  Location,
  Length,
  Mood,
  Rule,
  Score,
  SignalSpec,
  Stinger,
  Transition,
} from "../../engine/score/score.ts";
import { METERS } from "../../engine/time/meter.ts";
import { ENTRIES, type SyncPoint } from "../../engine/time/sync-point.ts";
import { bpm, decibels, seconds, unitInterval } from "../../engine/time/units.ts";
import { mood, score, stinger, transition } from "./score.ts";

/** The names that random scores are made of; a score has the first so many of each. */
export const MOODS = ["calm", "danger", "mystery", "chase"] as const;
export const PLACES = ["meadow", "cave", "field", "grotto"] as const;
export const STINGERS = ["alarm", "fanfare", "thunder"] as const;
export const SIGNALS = ["intensity", "health"] as const;
const MARKERS = ["turn", "answer"] as const;

/** Any number from 0 to `most`: doubles by themselves would be near 0 most of the time. */
export const evenly = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 1_000_000 }).map((share) => (share * most) / 1_000_000);

const share = evenly(1).map(unitInterval);
/** Many rules wait for the same numbers, so that games meet them. */
const level = fc.oneof(
  fc.constantFrom(0.2, 0.5, 0.7),
  fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
);
const time = (most: number) =>
  fc.constantFrom(0, 0.3, 2.5, most).map((value) => seconds(Math.min(most, value)));

const length = (most: Readonly<Record<Length["unit"], number>>): fc.Arbitrary<Length> =>
  fc
    .constantFrom("bars" as const, "beats" as const, "seconds" as const)
    .chain((unit) =>
      fc
        .oneof(fc.constant(0), fc.integer({ min: 1, max: most[unit] }), evenly(most[unit]))
        .map((value) => ({ value, unit })),
    );

const signal: fc.Arbitrary<SignalSpec> = fc.record({
  range: fc.constant([0, 1] as const),
  initial: fc.constantFrom(0, 0.4, 1),
  attack: time(1.7),
  release: time(3),
  curve: fc.constantFrom([], [
    [0, 0],
    [0.5, 0.1],
    [1, 1],
  ] as const),
  deadBand: fc.constantFrom(0, 0, 0.1),
});

const stemLevel = fc.oneof(
  share,
  fc.constant(0).map(unitInterval),
  fc.tuple(share, share).map(
    ([low, high]) =>
      [
        [0, low],
        [1, high],
      ] as const,
  ),
);
const stems = fc.record(
  {
    melody: stemLevel,
    counter: stemLevel,
    harmony: stemLevel,
    bass: stemLevel,
    drums: stemLevel,
  },
  { requiredKeys: ["melody"] },
);

const someMood = (name: string, place: number): fc.Arbitrary<Mood> =>
  fc
    .record({
      tempo: fc
        .oneof(
          fc.integer({ min: 40, max: 240 }),
          evenly(200).map((more) => 40 + more),
        )
        .map(bpm),
      meter: fc.constantFrom(...METERS),
      phrase: fc.integer({ min: 4, max: 8 }),
      stems,
      ancestors: fc.subarray<string>(MOODS.slice(0, place)),
      markers: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom(...MARKERS),
          at: fc.record({
            value: fc.constantFrom(0, 0.5, 1, 2, 3),
            unit: fc.constantFrom("bars" as const, "beats" as const),
          }),
        }),
        { maxLength: 2, selector: (marker) => marker.name },
      ),
    })
    .map((changes) => mood(name, changes));

const someLocation = (name: string, moods: readonly string[]): fc.Arbitrary<Location> =>
  fc.record({
    name: fc.constant(name),
    palette: fc.constantFrom("plucked", "glass"),
    mood: fc.constantFrom(undefined, ...moods),
    colour: fc.record({
      room: fc.option(share, { nil: undefined }),
      brightness: share,
      level: evenly(60).map((less) => decibels(-less)),
    }),
  });

const asks: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    {
      arbitrary: fc.record({
        kind: fc.constant("signal" as const),
        signal: fc.constantFrom(...SIGNALS),
        comparison: fc.constantFrom("<" as const, "<=" as const, ">" as const, ">=" as const),
        value: level,
      }),
      weight: 4,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant("location" as const),
        location: fc.constantFrom(...PLACES),
      }),
      weight: 1,
    },
    {
      arbitrary: tie("condition").map((of): Condition => ({ kind: "not", of })),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        kind: fc.constantFrom("all" as const, "any" as const),
        of: fc.array(tie("condition"), { minLength: 1, maxLength: 2 }),
      }),
      weight: 1,
    },
  ),
})).condition;

/** What ends a rule never comes true together with what begins it. */
const endOf = (when: Condition): fc.Arbitrary<Condition> =>
  fc.oneof(
    fc.constant(opposite(when)),
    asks.map((until) => (canMeet([when, until], () => [0, 1]) === false ? until : opposite(when))),
  );

const someRule = (moods: readonly string[]): fc.Arbitrary<Rule> =>
  asks.chain((when) =>
    fc.record({
      when: fc.constant(when),
      until: endOf(when),
      mood: fc.constantFrom(...moods),
      dwell: length({ bars: 4, beats: 6, seconds: 8 }),
      cooldown: time(9),
      priority: fc.integer({ min: -2, max: 2 }),
    }),
  );

const sync: fc.Arbitrary<SyncPoint> = fc.oneof(
  fc.constantFrom(
    "immediate" as const,
    "beat" as const,
    "bar" as const,
    "phrase" as const,
    "marker" as const,
    "marker turn" as const,
    "marker answer" as const,
  ),
  fc.integer({ min: 1, max: 9 }).map((count) => `${count} bars` as const),
  fc.integer({ min: 1, max: 13 }).map((count) => `${count} beats` as const),
);

const names = (moods: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof(fc.constant(["any"]), fc.subarray([...moods], { minLength: 1 }));

const someTransition = (
  moods: readonly string[],
  stingers: readonly string[],
): fc.Arbitrary<Transition> =>
  fc
    .record({
      from: names(moods),
      to: names(moods),
      at: sync,
      enter: fc.constantFrom(undefined, ...ENTRIES),
      fade: length({ bars: 6, beats: 16, seconds: 12 }),
      bridge: fc.option(
        fc.record({
          bars: fc.integer({ min: 1, max: 8 }),
          tempo: fc.constantFrom("step" as const, "ramp" as const),
        }),
        { nil: undefined, freq: 2 },
      ),
      stinger: fc.constantFrom(undefined, ...stingers),
    })
    .map(transition);

const someStinger = (name: string, moods: readonly string[]): fc.Arbitrary<Stinger> =>
  fc
    .record({
      at: sync,
      bars: fc.integer({ min: 1, max: 4 }),
      cooldown: time(7),
      most: fc.integer({ min: 1, max: 3 }),
      priority: fc.integer({ min: -2, max: 2 }),
      moods: names(moods),
      next: fc.constantFrom("ring" as const, "cut" as const),
      duck: fc.constantFrom(undefined, {
        by: decibels(-4),
        attack: seconds(0.1),
        release: seconds(0.5),
      }),
    })
    .map((changes) => stinger(name, changes));

const each = <Name extends string, Part>(
  all: readonly Name[],
  part: (name: Name, place: number) => fc.Arbitrary<Part>,
): fc.Arbitrary<readonly Part[]> => fc.tuple(...all.map(part));

/** A checked score with any of what the director looks at: it ends with `any` to `any`, as all do. */
export const randomScore: fc.Arbitrary<Score> = fc
  .record({
    moods: fc.integer({ min: 1, max: MOODS.length }).map((count) => MOODS.slice(0, count)),
    places: fc.integer({ min: 0, max: PLACES.length }).map((count) => PLACES.slice(0, count)),
    stingers: fc.integer({ min: 0, max: STINGERS.length }).map((count) => STINGERS.slice(0, count)),
  })
  .chain(({ moods, places, stingers }) =>
    fc.record({
      tempo: fc.integer({ min: 40, max: 240 }).map(bpm),
      signals: fc.record({ intensity: signal, health: signal }),
      moods: each(moods, someMood),
      locations: each(places, (name) => someLocation(name, moods)),
      stingers: each(stingers, (name) => someStinger(name, moods)),
      rules: fc.array(someRule(moods), { maxLength: 5 }),
      transitions: fc
        .tuple(
          fc.array(someTransition(moods, stingers), { maxLength: 4 }),
          someTransition(moods, stingers),
        )
        .map(([some, last]) => [...some, { ...last, from: ["any"], to: ["any"] }]),
    }),
  )
  .map(score);
