import type { Note } from "../music/note.ts";
import { drumIds } from "./drum-map.ts";
import type { Geometry } from "./geometry.ts";
import { cellAt } from "./geometry.ts";
import type { GridNote } from "./quantise.ts";
import * as T from "./tokens.ts";
import type { Voicings } from "./voicings.ts";
import { octaveToId, voicingOf } from "./voicings.ts";

/** Where notes are placed: the cells, and for each onset cell the notes behind it. */
export interface Layer {
  readonly geometry: Geometry;
  readonly cells: Int32Array<ArrayBuffer>;
  readonly origins: Map<number, readonly Note[]>;
}

/** One note a slot: the highest, in the bass the lowest. */
export function oneVoice(notes: readonly GridNote[], lowest: boolean): readonly GridNote[] {
  return notes.filter(({ slot }, index) =>
    lowest ? notes[index + 1]?.slot !== slot : notes[index - 1]?.slot !== slot,
  );
}

/** Writes onsets and holds; a new onset cuts the note before it, and a hold stops where a stem is absent. */
export function placeNotes(
  { geometry, cells, origins }: Layer,
  lane: number,
  notes: readonly GridNote[],
  idOf: (note: GridNote) => number,
  originsOf: (note: GridNote) => readonly Note[] = ({ note }) => [note],
): void {
  for (const [index, note] of notes.entries()) {
    const end = Math.min(note.end, notes[index + 1]?.slot ?? geometry.length);
    const cell = cellAt(geometry, note.slot, lane);
    cells[cell] = idOf(note);
    origins.set(cell, originsOf(note));
    for (let slot = note.slot + 1; slot < end; slot += 1) {
      const held = cellAt(geometry, slot, lane);
      if (cells[held] === T.absentId(lane)) break;
      cells[held] = T.HOLD;
    }
  }
}

/** A chord is what starts in a slot and what still sounds there; it ends with its last note. */
export function placeHarmony(
  layer: Layer,
  notes: readonly GridNote[],
  voicings: Voicings,
  rootClassAt: (slot: number) => number,
): void {
  const { geometry, cells } = layer;
  const onsets = notes.filter(({ slot }, index) => notes[index - 1]?.slot !== slot);
  const soundingAt = (slot: number): readonly GridNote[] =>
    notes.filter((note) => note.slot <= slot && note.end > slot);
  const groups = onsets.map(({ slot, note }) => ({
    slot,
    note,
    end: Math.max(...soundingAt(slot).map(({ end }) => end)),
  }));
  const originsOf = ({ slot }: GridNote): readonly Note[] =>
    notes.filter((note) => note.slot === slot).map(({ note }) => note);
  const idOf = ({ slot }: GridNote): number => {
    const pitches = soundingAt(slot).map(({ note }) => note.pitch);
    const { offsets, octave } = voicingOf(pitches, rootClassAt(slot));
    cells[cellAt(geometry, slot, T.OCTAVE)] = octaveToId(octave);
    return T.ONSET + voicings.nearest(offsets);
  };
  placeNotes(layer, T.HARMONY, groups, idOf, originsOf);
}

/** Writes the hits of each slot as three ids. */
export function placeDrums({ geometry, cells, origins }: Layer, notes: readonly GridNote[]): void {
  for (const slot of new Set(notes.map((note) => note.slot))) {
    const struck = notes.filter((note) => note.slot === slot).map(({ note }) => note);
    const ids = drumIds(struck.map(({ pitch }) => pitch));
    for (const [index, lane] of T.DRUM_LANES.entries()) {
      const cell = cellAt(geometry, slot, lane);
      cells[cell] = ids[index] ?? T.NO_HIT;
      const mine = struck.filter(({ pitch }) => drumIds([pitch])[index] !== T.NO_HIT);
      if (mine.length > 0) origins.set(cell, mine);
    }
  }
}
