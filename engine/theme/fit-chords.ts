import { CHORD_QUALITIES, chordTones, type Chord } from "../music/chord.ts";
import { changeMode } from "../music/harmony.ts";
import type { Key, Mode } from "../music/key.ts";

const C: Key = { tonic: 0, mode: "ionian" };

/**
 * The chord on the same degree of another mode: each of its tones is carried, and the quality is that of
 * what comes out, of its triad where there is no such seventh chord; where there is neither, the old one.
 */
export function carryChord(chord: Chord, from: Mode, to: Mode): Chord {
  if (from === to) return chord;
  const carried = (tone: number): number => wrap(changeMode(wrap(tone), from, to));
  const root = carried(chord.root);
  const shape = chordTones(chord, C).map((tone) => wrap(carried(tone) - root));
  const qualityOf = (tones: readonly number[]) =>
    CHORD_QUALITIES.find((quality) => {
      const known = chordTones({ root: 0, quality }, C);
      return known.length === tones.length && known.every((tone, index) => tone === tones[index]);
    });
  return { root, quality: qualityOf(shape) ?? qualityOf(shape.slice(0, 3)) ?? chord.quality };
}

const wrap = (semitones: number): number => ((semitones % 12) + 12) % 12;
