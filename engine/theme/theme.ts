import type { Chord } from "../music/chord.ts";
import type { Key } from "../music/key.ts";
import type { Note } from "../music/note.ts";
import type { Meter } from "../time/meter.ts";
import type { Bpm, MidiPitch } from "../time/units.ts";

/** One chord for each half of a bar; `undefined` leaves it to the model. */
export type HalfBarChords = readonly [Chord | undefined, Chord | undefined];

/** A motif that the music is to be recognised by, as it is written down. */
export interface WrittenTheme {
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

/** What a theme is to be fitted into. */
export interface ThemeTerms {
  readonly key: Key;
  readonly meter: Meter;
  /** At least 1; a shorter theme is repeated, a longer one cut. */
  readonly bars: number;
  /** Octaves up (negative: down) from its own place, or from the octave that is nearest to `centre`. */
  readonly register: number;
  readonly centre?: MidiPitch | undefined;
  readonly density: ThemeDensity;
}

/** A theme in a mood's terms: one voice in ticks from its start, and a pair of chords for each bar. */
export interface ThemeFit {
  readonly melody: readonly Note[];
  readonly chords: readonly HalfBarChords[];
}

/** How much of a theme another melody keeps; both within [0, 1]. */
export interface Likeness {
  /** Share of the theme's onsets, by bar and slot, at which the other has one too. */
  readonly onsetsKept: number;
  /**
   * Pearson's correlation, slot by slot, of the pitches in force: a pitch holds until the next onset, and
   * slots before either's first note do not count. No transposition changes it; what runs against the
   * theme is 0. Where both stay on one pitch it is 1, where one does 0.
   */
  readonly contour: number;
}

/** A theme in the hands of who plays it. It brings what carries it, which only a score with themes loads. */
export interface Theme {
  fit(this: void, terms: ThemeTerms): ThemeFit;
  /** How like the first melody the second is, over the bars of the first. */
  compare(this: void, a: readonly Note[], b: readonly Note[], meter: Meter): Likeness;
}
