import type { Note } from "../music/note.ts";
import type { Stem } from "../music/stem.ts";
import { STEMS, perStem } from "../music/stem.ts";
import { ticksPerBar, ticksPerSlot } from "../time/meter.ts";
import { midiPitch, ticks, type Ticks, velocity } from "../time/units.ts";
import { drumKeys } from "./drum-map.ts";
import type { EncodedWindow } from "./encode.ts";
import { expressionAt, PLAIN, type Touch } from "./expression.ts";
import { isOnset } from "./grammar.ts";
import { cellAt, gridSlot, halfAt, halfToken } from "./geometry.ts";
import * as T from "./tokens.ts";
import type { Voicings } from "./voicings.ts";
import { rootPitch } from "./voicings.ts";

type NotesPerStem = Readonly<Record<Stem, readonly Note[]>>;

/** What a window decodes with: the shapes, and the expression logits (256 × 85) of the last pass. */
export interface DecodeOptions {
  readonly voicings: Voicings;
  /** Without it every note has the middle velocity and lies on the grid. */
  readonly expression?: Float32Array;
}

/**
 * The notes of a window in ticks from its start, in order of `at`. Cells that were given come back as
 * the notes they were made of (their end may move, when what follows was rewritten); the others take
 * pitch from the ids, velocity and timing from the expression logits. Masked cells are silent.
 */
export function decodeWindow(window: EncodedWindow, options: DecodeOptions): NotesPerStem {
  return perStem((stem) =>
    stem === "drums" ? decodeDrums(window, options) : decodePitched(window, stem, options),
  );
}

/** Only the notes that start in a bar for which `wanted` says yes. */
export function notesOfBars(
  notes: NotesPerStem,
  window: EncodedWindow,
  wanted: (bar: number, stem: Stem) => boolean,
): NotesPerStem {
  const slotTicks = ticksPerSlot(window.geometry.meter);
  const last = window.geometry.bars - 1;
  // By the nearest slot, as on the grid: a given note may lie a little before its bar.
  const barOf = (note: Note): number =>
    Math.min(last, Math.floor(Math.round(note.at / slotTicks) / window.geometry.slots));
  return perStem((stem) => notes[stem].filter((note) => wanted(barOf(note), stem)));
}

function decodePitched(
  window: EncodedWindow,
  stem: Exclude<Stem, "drums">,
  options: DecodeOptions,
): readonly Note[] {
  const { geometry, cells } = window;
  const lane = T.STEM_LANES[stem][0] ?? T.MELODY;
  const idAt = (slot: number): number => cells[cellAt(geometry, slot, lane)] ?? T.REST;
  const onsets: number[] = [];
  for (let slot = 0; slot < geometry.length; slot += 1) {
    if (isOnset(lane, idAt(slot))) onsets.push(slot);
  }
  const starts = onsets.map((slot) => startAt(window, slot, lane, stem, options));
  return onsets.flatMap((slot, index) => {
    let end = slot + 1;
    while (end < geometry.length && idAt(end) === T.HOLD) end += 1;
    const start = starts[index];
    if (start === undefined) return [];
    const until = Math.min(
      end * ticksPerSlot(geometry.meter),
      starts[index + 1]?.at ?? Number.POSITIVE_INFINITY,
    );
    const given = givenAt(window, slot, lane);
    const fresh = pitchesAt(window, slot, lane, options.voicings).map((pitch) => ({
      at: start.at,
      pitch: midiPitch(pitch),
      velocity: start.touch.velocity,
    }));
    return (given ?? fresh).map((note) => ({
      at: note.at,
      duration: ticks(Math.max(1, until - note.at)),
      pitch: note.pitch,
      velocity: note.velocity,
    }));
  });
}

/** The notes behind a cell, when it was given and kept. */
const givenAt = (
  window: EncodedWindow,
  slot: number,
  lane: number,
): readonly Note[] | undefined => {
  const cell = cellAt(window.geometry, slot, lane);
  return window.open[cell] === 1 ? undefined : window.origins.get(cell);
};

function startAt(
  window: EncodedWindow,
  slot: number,
  lane: number,
  stem: Stem,
  options: DecodeOptions,
): { readonly at: Ticks; readonly touch: Touch } {
  const touch = touchAt(window, slot, stem, options);
  const given = givenAt(window, slot, lane)?.[0];
  return { at: given?.at ?? shiftedStart(window, slot, touch), touch };
}

const touchAt = (
  window: EncodedWindow,
  slot: number,
  stem: Stem,
  { expression }: DecodeOptions,
): Touch =>
  expression === undefined
    ? PLAIN
    : expressionAt(expression, gridSlot(window.geometry, slot), STEMS.indexOf(stem));

/** The start of a slot, moved early or late. Nothing moves across a bar line: bars are cut there. */
function shiftedStart({ geometry }: EncodedWindow, slot: number, touch: Touch): Ticks {
  const slotTicks = ticksPerSlot(geometry.meter);
  const shift = slot % geometry.slots === 0 ? Math.max(0, touch.shift) : touch.shift;
  return ticks((slot + shift) * slotTicks);
}

/** MIDI pitches of an onset, lowest first. */
function pitchesAt(
  window: EncodedWindow,
  slot: number,
  lane: number,
  voicings: Voicings,
): readonly number[] {
  const { geometry, cells, chords, plans } = window;
  const tonic = plans[0]?.key.tonic ?? 0;
  const id = cells[cellAt(geometry, slot, lane)] ?? T.REST;
  if (lane !== T.HARMONY) return [T.idToPitch(lane, id, tonic)];
  const chord = T.chordOf(chords[halfToken(geometry, halfAt(geometry, slot))] ?? T.NO_CHORD);
  const octave = cells[cellAt(geometry, slot, T.OCTAVE)] ?? 0;
  const root = rootPitch(octave, (tonic + (chord?.root ?? 0)) % 12);
  return (voicings.shapes[id - T.ONSET] ?? []).map((offset) => root + offset);
}

function decodeDrums(window: EncodedWindow, options: DecodeOptions): readonly Note[] {
  const { geometry, cells } = window;
  const slotTicks = ticksPerSlot(geometry.meter);
  const end = geometry.bars * ticksPerBar(geometry.meter);
  const notes: Note[] = [];
  for (let slot = 0; slot < geometry.length; slot += 1) {
    const touch = touchAt(window, slot, "drums", options);
    const at = shiftedStart(window, slot, touch);
    for (const lane of T.DRUM_LANES) {
      const given = givenAt(window, slot, lane);
      if (given !== undefined) notes.push(...given);
      else {
        for (const key of drumKeys(lane, cells[cellAt(geometry, slot, lane)] ?? T.NO_HIT)) {
          const duration = ticks(Math.min(slotTicks, end - at));
          notes.push({ at, duration, pitch: midiPitch(key), velocity: velocity(touch.velocity) });
        }
      }
    }
  }
  return notes.sort((a, b) => a.at - b.at || a.pitch - b.pitch);
}
