import type { Key } from "../../engine/music/key.ts";
import type { Note } from "../../engine/music/note.ts";
import { inlineTheme } from "../../engine/theme/inline-theme.ts";
import { readNotes } from "../../engine/theme/read-notes.ts";
import type { WrittenTheme } from "../../engine/theme/theme.ts";
import { ticksPerSlot, type Meter } from "../../engine/time/meter.ts";
import { bpm } from "../../engine/time/units.ts";

/** A theme of written notes at 60 bpm. */
export function themeOf(text: string, key: Key, meter: Meter = "4/4"): WrittenTheme {
  const reading = readNotes(text, meter);
  if (!reading.ok) throw new Error(`${text}: ${reading.expected} where ${reading.found} stands`);
  const { notes, bars } = reading.value;
  return inlineTheme(notes, { name: "hero", key, meter, tempo: bpm(60), bars });
}

/** Slot, pitch and length in slots of each note. */
export const cellsOf = (
  melody: readonly Note[],
  meter: Meter,
): readonly (readonly [slot: number, pitch: number, length: number])[] =>
  melody.map(({ at, pitch, duration }) => [
    at / ticksPerSlot(meter),
    pitch,
    duration / ticksPerSlot(meter),
  ]);
