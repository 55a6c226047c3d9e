import { createGeometry } from "../generator/geometry.ts";
import { quantise } from "../generator/quantise.ts";
import type { Note } from "../music/note.ts";
import { findChords } from "./chords.ts";
import type { WrittenTheme } from "./theme.ts";

/** A theme of notes that `readNotes` has read; its chords are guessed from the melody and the key. */
export function inlineTheme(
  notes: readonly Note[],
  { name, meter, tempo, key, bars }: Omit<WrittenTheme, "chords" | "melody">,
): WrittenTheme {
  const melody = quantise(notes, createGeometry(meter, bars));
  const chords = findChords({ melody, accompaniment: [] }, { key, meter, bars });
  return { name, meter, tempo, key, bars, chords, melody: notes };
}
