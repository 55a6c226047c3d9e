import type { GridNote } from "./quantise.ts";
import { NO_CHORD, chordOf } from "./tokens.ts";
import { chordTones } from "../music/chord.ts";

/** Weight of a note outside the chord, of the bass on the root, and of a chord tone that nobody plays. */
const OUTSIDE = 1;
const ROOT_IN_BASS = 0.5;
const MISSING = 0.4;

/**
 * The chord (id, above the tonic) that explains best what sounds from one slot to another; no chord
 * where nothing does. For bars whose notes are kept while their chord was left open: the harmony
 * lane counts from the chord's root, so there must be one before the first pass.
 */
export function estimateChord(
  notes: { readonly harmony: readonly GridNote[]; readonly bass: readonly GridNote[] },
  from: number,
  to: number,
  tonic: number,
): number {
  const weight = weigh(notes.harmony, from, to, tonic);
  const bass = weigh(notes.bass, from, to, tonic);
  const total = [...weight, ...bass].reduce((sum, value) => sum + value, 0);
  if (total === 0) return NO_CHORD;
  let best = NO_CHORD;
  let highest = -Infinity;
  for (let id = 0; id < NO_CHORD; id += 1) {
    const chord = chordOf(id);
    if (chord === undefined) continue;
    const tones = chordTones(chord, { tonic: 0, mode: "ionian" });
    let score = ROOT_IN_BASS * (bass[chord.root] ?? 0);
    for (let degree = 0; degree < 12; degree += 1) {
      const sounding = (weight[degree] ?? 0) + (bass[degree] ?? 0);
      if (!tones.includes(degree)) score -= OUTSIDE * sounding;
      else score += sounding > 0 ? sounding : (-MISSING * total) / tones.length;
    }
    if (score > highest) {
      highest = score;
      best = id;
    }
  }
  return best;
}

/** Slots that each pitch class above the tonic sounds between two slots. */
function weigh(
  notes: readonly GridNote[],
  from: number,
  to: number,
  tonic: number,
): readonly number[] {
  const weight: number[] = Array.from({ length: 12 }, () => 0);
  for (const { slot, end, note } of notes) {
    const overlap = Math.min(end, to) - Math.max(slot, from);
    const degree = (note.pitch - tonic + 12) % 12;
    if (overlap > 0) weight[degree] = (weight[degree] ?? 0) + overlap;
  }
  return weight;
}
