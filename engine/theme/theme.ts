import type { Chord } from "../music/chord.ts";
import type { Key } from "../music/key.ts";
import type { Note } from "../music/note.ts";
import type { Meter } from "../time/meter.ts";
import type { Bpm } from "../time/units.ts";

/** One chord for each half of a bar; `undefined` leaves it to the model. */
export type HalfBarChords = readonly [Chord | undefined, Chord | undefined];

/** A motif that the music is to be recognised by. */
export interface Theme {
  readonly name: string;
  readonly meter: Meter;
  readonly tempo: Bpm;
  readonly key: Key;
  /** 1 – `MOST_BARS`. */
  readonly bars: number;
  /** One pair for each bar. */
  readonly chords: readonly HalfBarChords[];
  /** One voice on the grid of the meter, in ticks from the start of bar 0; at least one note. */
  readonly melody: readonly Note[];
}

/** Whether a mood keeps all notes of its theme, or in each bar the metrically stronger half. */
export const THEME_DENSITIES = ["all", "sparse"] as const;
export type ThemeDensity = (typeof THEME_DENSITIES)[number];

/** The longest phrase, and so the longest theme. */
export const MOST_BARS = 8;
