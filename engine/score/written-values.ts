import type { Mode } from "../music/key.ts";

/**
 * The written forms of values as types: what `values.ts` and `take-values.ts` read, as far as the compiler
 * can tell. It knows whole numbers and their bounds, and of decimals where their whole part ends. Zeros in
 * front, `2.0` for `2` and spaces around a value are left to the scripts of people.
 */

/** 0 and the whole numbers below `Count`. */
type Below<Count extends number, Found extends number[] = []> = Found["length"] extends Count
  ? Found[number]
  : Below<Count, [...Found, Found["length"]]>;

type Digit = Below<10>;
type Space = "" | " ";
type Of<Count extends number | string, Unit extends string> = `${Count}${Space}${Unit}`;
type InBars<Count extends number | string> = Of<Count, "bar" | "bars">;
type InBeats<Count extends number | string> = Of<Count, "beat" | "beats">;
type Decimal<Whole extends number> = `${Whole}` | `${Whole}.${number}`;
/** From 0, however large: a digit comes first, no sign. */
type Unbounded = `${Digit}` | `${Digit}${number}`;

/** `4 bars`: 4–8 whole bars. */
export type PhraseLength = InBars<4 | 5 | 6 | 7 | 8>;
/** `1 bar`: 1–4 whole bars. */
export type StingerLength = InBars<1 | 2 | 3 | 4>;
/** `none`, or 1–8 whole bars. */
export type BridgeLength = "none" | InBars<Exclude<Below<9>, 0>>;
/** 1–600 whole bars. */
export type TakeLength = InBars<
  | `${Exclude<Digit, 0>}`
  | `${Exclude<Digit, 0>}${Digit}`
  | `${1 | 2 | 3 | 4 | 5}${Digit}${Digit}`
  | "600"
>;
/** A place in a take, in bars or beats. */
export type TakePlace = InBars<Unbounded> | InBeats<Unbounded>;
/** `2 bars`, `3 beats`: a grid of 1–32 whole bars or beats. */
type Grid = InBars<GridCount> | InBeats<GridCount>;
type GridCount = Exclude<Below<33>, 0>;
/** A grid is counted from the mood's beginning; `marker turn` is that marker, `marker` any. */
export type Sync = "immediate" | "beat" | "bar" | "phrase" | Grid | "marker" | `marker ${string}`;

/** At most 32 bars or 128 beats. */
export type MusicalLength = InBars<Decimal<Below<33>>> | InBeats<Decimal<Below<129>>>;
/** At most 60 s. */
export type Time = Of<Unbounded, "ms"> | Of<Decimal<Below<61>>, "s">;
export type Length = MusicalLength | Time;
/** `-4dB`: -60–0. */
export type Level = Of<`-${Decimal<Below<61>>}` | "0", "dB">;
/** `-4dB`, `6dB`: -60–24. */
export type Gain = Level | Of<`${"" | "+"}${Decimal<Below<25>>}`, "dB">;

type Letter = "A" | "B" | "C" | "D" | "E" | "F" | "G";
type Tonic = `${Letter | Lowercase<Letter>}${"" | "#" | "b" | "♯" | "♭"}`;
/** `D dorian`, `F# minor`. */
export type KeyName = `${Tonic} ${"major" | "minor" | Mode}`;
