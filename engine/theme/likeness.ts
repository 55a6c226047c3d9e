import type { Note } from "../music/note.ts";
import { slotsPerBar, ticksPerSlot, type Meter } from "../time/meter.ts";
import { correlation } from "./correlation.ts";
import type { Likeness } from "./theme.ts";

/**
 * Compares two melodies over the bars of the first; `theme_likeness` in `models/metrics.py` but for its
 * negative values and for two lines of one pitch. Notes are taken to their nearest slot.
 */
export function likeness(theme: readonly Note[], other: readonly Note[], meter: Meter): Likeness {
  const slotOf = ({ at }: Note): number => Math.round(at / ticksPerSlot(meter));
  const bar = slotsPerBar(meter);
  const last = theme.reduce((latest, note) => Math.max(latest, slotOf(note)), 0);
  const length = (Math.floor(last / bar) + 1) * bar;
  const onsets = onsetsOf(theme, slotOf);
  const others = onsetsOf(other, slotOf);
  const kept = [...onsets.keys()].filter((slot) => others.has(slot)).length;
  const [line, otherLine] = [contourOf(onsets, length), contourOf(others, length)];
  const pairs = line.flatMap((pitch, slot) => {
    const against = otherLine[slot];
    return pitch === undefined || against === undefined ? [] : [[pitch, against] as const];
  });
  return {
    onsetsKept: kept / Math.max(1, onsets.size),
    contour: alike(
      pairs.map(([pitch]) => pitch),
      pairs.map(([, pitch]) => pitch),
    ),
  };
}

function alike(a: readonly number[], b: readonly number[]): number {
  const level = (line: readonly number[]): boolean => line.every((pitch) => pitch === line[0]);
  if (a.length > 1 && level(a) && level(b)) return 1;
  return Math.max(0, Math.min(1, correlation(a, b)));
}

/** The highest pitch that begins in each slot. */
function onsetsOf(
  notes: readonly Note[],
  slotOf: (note: Note) => number,
): ReadonlyMap<number, number> {
  const onsets = new Map<number, number>();
  for (const note of notes) {
    const slot = slotOf(note);
    onsets.set(slot, Math.max(note.pitch, onsets.get(slot) ?? 0));
  }
  return onsets;
}

function contourOf(
  onsets: ReadonlyMap<number, number>,
  length: number,
): readonly (number | undefined)[] {
  let pitch: number | undefined;
  return Array.from({ length }, (_, slot) => {
    pitch = onsets.get(slot) ?? pitch;
    return pitch;
  });
}
