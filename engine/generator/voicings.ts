import { fold } from "./tokens.ts";

/** Highest offset above the root, most notes in a voicing, and the octaves that the octave lane knows. */
const SPAN = 28;
const MOST_NOTES = 5;
const LOWEST_OCTAVE = 2;
const OCTAVES = 5;

/** The model's table of chord shapes: semitones above the chord root, lowest first. */
export interface Voicings {
  readonly shapes: readonly (readonly number[])[];
  /** Index of the shape nearest to some offsets: by pitch classes, then by lowest and highest note. */
  nearest(offsets: readonly number[]): number;
}

const pitchClasses = (offsets: readonly number[]): number =>
  offsets.reduce((set, offset) => set | (1 << (offset % 12)), 0);

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** Wraps the manifest's table, at most 96 shapes. Throws `RangeError` when it is empty or a shape is. */
export function createVoicings(shapes: readonly (readonly number[])[]): Voicings {
  if (shapes.length === 0 || shapes.some((shape) => shape.length === 0)) {
    throw new RangeError("a voicing table needs shapes of at least one note");
  }
  const classes = shapes.map(pitchClasses);
  const nearest = (offsets: readonly number[]): number => {
    const wanted = pitchClasses(offsets);
    let best = 0;
    let least = Infinity;
    for (const [index, shape] of shapes.entries()) {
      const ends =
        Math.abs((shape[0] ?? 0) - (offsets[0] ?? 0)) +
        Math.abs((shape.at(-1) ?? 0) - (offsets.at(-1) ?? 0));
      // One number for the three criteria in order: classes, ends, number of notes.
      const distance =
        countBits(wanted ^ (classes[index] ?? 0)) * 10_000 +
        ends * 10 +
        Math.abs(shape.length - offsets.length);
      const exact = distance === 0 && shape.every((offset, i) => offset === offsets[i]);
      if (exact) return index;
      if (distance < least) {
        least = distance;
        best = index;
      }
    }
    return best;
  };
  return { shapes, nearest };
}

/** The offsets (1–5, lowest 0–11, all 0–28) of some MIDI pitches above a root's pitch class, and the root's octave. */
export function voicingOf(
  pitches: readonly number[],
  rootClass: number,
): { readonly offsets: readonly number[]; readonly octave: number } {
  const sorted = [...new Set(pitches)].sort((a, b) => a - b);
  const lowest = sorted[0];
  if (lowest === undefined) throw new RangeError("a voicing needs at least one pitch");
  const root = lowest - ((((lowest - rootClass) % 12) + 12) % 12);
  const folded = [...new Set(sorted.map((pitch) => fold(pitch - root, 0, SPAN)))];
  return { offsets: thin(folded.sort((a, b) => a - b)), octave: Math.floor(root / 12) - 1 };
}

/** Keeps the outer notes and the lowest inner ones of a new pitch class. */
function thin(offsets: readonly number[]): readonly number[] {
  const low = offsets[0];
  const high = offsets.at(-1);
  if (offsets.length <= MOST_NOTES || low === undefined || high === undefined) return offsets;
  const seen = new Set([low % 12, high % 12]);
  const inner = offsets.slice(1, -1).filter((offset) => {
    const fresh = !seen.has(offset % 12);
    seen.add(offset % 12);
    return fresh;
  });
  return [low, ...inner.slice(0, MOST_NOTES - 2), high];
}

/** Id 0–4 of the root's octave; octaves outside 2–6 take the nearest. */
export const octaveToId = (octave: number): number =>
  Math.max(0, Math.min(OCTAVES - 1, octave - LOWEST_OCTAVE));

/** MIDI pitch of a root from its octave id and pitch class. */
export const rootPitch = (octaveId: number, rootClass: number): number =>
  12 * (octaveId + LOWEST_OCTAVE + 1) + rootClass;
