import type { Key, PitchClass } from "./key.ts";

/** In the order of the model's chord ids. */
export const CHORD_QUALITIES = [
  "maj",
  "min",
  "dim",
  "aug",
  "maj7",
  "min7",
  "dom7",
  "hdim7",
  "dim7",
  "sus4",
] as const;

export type ChordQuality = (typeof CHORD_QUALITIES)[number];

/** A chord relative to the key, so that it survives transposition. */
export interface Chord {
  /** Semitones above the tonic, 0–11. */
  readonly root: number;
  readonly quality: ChordQuality;
}

const TONES: Readonly<Record<ChordQuality, readonly number[]>> = {
  maj: [0, 4, 7],
  min: [0, 3, 7],
  dim: [0, 3, 6],
  aug: [0, 4, 8],
  maj7: [0, 4, 7, 11],
  min7: [0, 3, 7, 10],
  dom7: [0, 4, 7, 10],
  hdim7: [0, 3, 6, 10],
  dim7: [0, 3, 6, 9],
  sus4: [0, 5, 7],
};

/** The sounding pitch classes of a chord in a key, root first. */
export const chordTones = (chord: Chord, key: Key): readonly PitchClass[] =>
  TONES[chord.quality].map((offset) => (key.tonic + chord.root + offset) % 12);
