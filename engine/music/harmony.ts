import type { Chord, ChordQuality } from "./chord.ts";
import { scaleOf, type Mode } from "./key.ts";

const TRIADS: Readonly<Record<string, ChordQuality>> = {
  "4,7": "maj",
  "3,7": "min",
  "3,6": "dim",
  "4,8": "aug",
};

/** The triad that a mode builds on a degree, 0 (tonic) – 6. */
export function diatonicTriad(mode: Mode, degree: number): Chord {
  const scale = scaleOf(mode);
  const step = (n: number): number =>
    (scale[(degree + n) % 7] ?? 0) + 12 * Math.floor((degree + n) / 7);
  const root = step(0);
  return {
    root: root % 12,
    quality: TRIADS[`${step(2) - root},${step(4) - root}`] ?? "maj",
  };
}

/**
 * Semitones above the tonic, carried from one mode to another by scale degree; a note between two
 * degrees keeps its distance to the lower one. Works across octaves and below the tonic.
 */
export function changeMode(semitones: number, from: Mode, to: Mode): number {
  const octave = Math.floor(semitones / 12);
  const within = semitones - 12 * octave;
  const source = scaleOf(from);
  const degree = source.findLastIndex((step) => step <= within);
  const alteration = within - (source[degree] ?? 0);
  return 12 * octave + (scaleOf(to)[degree] ?? 0) + alteration;
}
