import type { GridNote } from "../generator/quantise.ts";
import type { Note } from "../music/note.ts";
import { slotsPerBar, ticksPerBar, ticksPerSlot, type Meter } from "../time/meter.ts";
import { midiPitch, ticks, velocity } from "../time/units.ts";
import type { Measures } from "./measures.ts";
import type { PlayedNote } from "./midi-bytes.ts";

export type { GridNote };

/** How early a note (quarter notes) still belongs to the measure after it. */
const EARLY = 0.1;

/** A place in the file (quarter notes) in slots from the theme's start; undefined where a bar is cut. */
function slotsAt(place: number, { match, from }: Measures): number | undefined {
  const { meter, quarters, bars, scale } = match;
  const measure = Math.floor((place - from + EARLY) / quarters);
  const within = (place - from - measure * quarters) * scale;
  const length = bars * ticksPerBar(meter);
  if (within >= length) return undefined;
  return (measure * length + within) / ticksPerSlot(meter);
}

/** The notes that start within `bars` of the theme, on the nearest slots, from high to low in each. */
export function toGrid(
  notes: readonly PlayedNote[],
  measures: Measures,
  bars: number,
): readonly GridNote[] {
  const { meter, scale } = measures.match;
  const length = bars * slotsPerBar(meter);
  const slotTicks = ticksPerSlot(meter);
  const found: GridNote[] = [];
  for (const { at, duration, pitch, velocity: loudness } of notes) {
    const place = slotsAt(at, measures);
    const slot = place === undefined ? -1 : Math.round(place) + 0;
    if (place === undefined || slot < 0 || slot >= length || at >= measures.until - EARLY) continue;
    const end = Math.max(slot + 1, Math.round(place + (duration * scale) / slotTicks));
    found.push(gridNote(meter, slot, Math.min(end, length), pitch, loudness));
  }
  return found.sort((a, b) => a.slot - b.slot || b.note.pitch - a.note.pitch);
}

const gridNote = (
  meter: Meter,
  slot: number,
  end: number,
  pitch: number,
  loudness: number,
): GridNote => {
  const cell = ticksPerSlot(meter);
  const note: Note = {
    at: ticks(slot * cell),
    duration: ticks((end - slot) * cell),
    pitch: midiPitch(pitch),
    velocity: velocity(loudness),
  };
  return { slot, end, note };
};

/** A note so far (semitones) below one that still sounds accompanies it. */
const BELOW = 7;

/** The upper voice: in each slot the highest note, without what accompanies a note that is held. */
export function upperLine(notes: readonly GridNote[]): readonly GridNote[] {
  const line: GridNote[] = [];
  for (const next of notes) {
    const last = line.at(-1);
    if (last !== undefined) {
      if (last.slot === next.slot) continue;
      if (last.end > next.slot && last.note.pitch - next.note.pitch > BELOW) continue;
    }
    line.push(next);
  }
  return line;
}

/** One voice as notes, each cut where the next begins. */
export const lineToNotes = (line: readonly GridNote[], meter: Meter): readonly Note[] =>
  line
    .map(({ slot, end, note }, index) =>
      gridNote(meter, slot, Math.min(end, line[index + 1]?.slot ?? end), note.pitch, note.velocity),
    )
    .map(({ note }) => note);
