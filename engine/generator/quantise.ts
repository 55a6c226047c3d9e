import type { Note } from "../music/note.ts";
import { ticksPerSlot } from "../time/meter.ts";
import type { Geometry } from "./geometry.ts";

/** A note on the grid of a window. */
export interface GridNote {
  /** First slot. */
  readonly slot: number;
  /** Slot after the last, at least `slot + 1`, at most the window's length. */
  readonly end: number;
  readonly note: Note;
}

/**
 * Puts notes on the slot nearest to their start, in order of slot, then from high to low. Notes that
 * start outside the window are left out; one that rounds to the slot after the last takes the last.
 */
export function quantise(notes: readonly Note[], geometry: Geometry): readonly GridNote[] {
  const slotTicks = ticksPerSlot(geometry.meter);
  const length = geometry.length;
  return notes
    .filter((note) => note.at >= 0 && note.at < length * slotTicks)
    .map((note) => {
      const slot = Math.min(length - 1, Math.round(note.at / slotTicks));
      const end = Math.round((note.at + note.duration) / slotTicks);
      return { slot, end: Math.min(length, Math.max(slot + 1, end)), note };
    })
    .sort((a, b) => a.slot - b.slot || b.note.pitch - a.note.pitch);
}
