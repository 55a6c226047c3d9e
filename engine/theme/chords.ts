import { estimateChord } from "../generator/chord-estimate.ts";
import { createGeometry, metricWeight } from "../generator/geometry.ts";
import { chordOf } from "../generator/tokens.ts";
import { chordTones, type Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import type { Key } from "../music/key.ts";
import { slotsPerBar, type Meter } from "../time/meter.ts";
import type { GridNote } from "./grid.ts";
import type { HalfBarChords } from "./theme.ts";

/** What harmony is to be found in. */
interface Sounding {
  /** One voice. */
  readonly melody: readonly GridNote[];
  /** Everything else that has a pitch. */
  readonly accompaniment: readonly GridNote[];
}

/** The place of a theme's chords. */
interface Frame {
  readonly key: Key;
  readonly meter: Meter;
  readonly bars: number;
}

/**
 * A chord for each half bar. Where three pitch classes or more sound, the one that explains them best,
 * the lowest note counting as the bass; elsewhere, as in a melody alone, the triad of the key that its
 * notes fit best. Undefined until something sounds.
 */
export function findChords(sounding: Sounding, frame: Frame): readonly HalfBarChords[] {
  const half = slotsPerBar(frame.meter) / 2;
  const notes = [...sounding.melody, ...sounding.accompaniment];
  const chords: (Chord | undefined)[] = [];
  for (let index = 0; index < 2 * frame.bars; index += 1) {
    const [from, to] = [index * half, (index + 1) * half];
    const here = withoutPassing(
      notes.filter(({ slot, end }) => slot < to && end > from),
      from,
      to,
    );
    const classes = new Set(here.map(({ note }) => note.pitch % 12));
    const chord =
      classes.size >= 3 && sounding.accompaniment.length > 0
        ? chordOf(estimateChord(withBass(here), from, to, frame.key.tonic))
        : triadFor(here, from, to, frame, chords.at(-1));
    chords.push(chord ?? chords.at(-1));
  }
  return Array.from({ length: frame.bars }, (_, bar) => [chords[2 * bar], chords[2 * bar + 1]]);
}

/** A pitch class with a smaller share of what sounds belongs to no chord. */
const PASSING = 0.12;

function withoutPassing(notes: readonly GridNote[], from: number, to: number): readonly GridNote[] {
  const time = ({ slot, end }: GridNote): number => Math.min(end, to) - Math.max(slot, from);
  const weights: number[] = Array.from({ length: 12 }, () => 0);
  for (const note of notes) {
    weights[note.note.pitch % 12] = (weights[note.note.pitch % 12] ?? 0) + time(note);
  }
  const least = PASSING * weights.reduce((sum, weight) => sum + weight, 0);
  return notes.filter(({ note }) => (weights[note.pitch % 12] ?? 0) >= least);
}

function withBass(notes: readonly GridNote[]): {
  harmony: readonly GridNote[];
  bass: readonly GridNote[];
} {
  const lowest = notes.reduce((low, { note }) => Math.min(low, note.pitch), 127);
  return {
    harmony: notes.filter(({ note }) => note.pitch > lowest),
    bass: notes.filter(({ note }) => note.pitch === lowest),
  };
}

/** What each degree (0 is the tonic) has in its favour, as a share of what sounds. */
const FAVOUR = [0.25, 0.05, 0, 0.15, 0.2, 0.1, -0.2];
/** The same for the chord that sounds already. */
const STAYS = 0.1;

/** The triad of the key that the notes fit best, strong beats counting more; undefined in silence. */
function triadFor(
  notes: readonly GridNote[],
  from: number,
  to: number,
  { key, meter, bars }: Frame,
  before: Chord | undefined,
): Chord | undefined {
  const geometry = createGeometry(meter, bars);
  const weights: number[] = Array.from({ length: 12 }, () => 0);
  for (const { slot, end, note } of notes) {
    const length = Math.min(end, to) - Math.max(slot, from);
    const accent = 1 + (slot >= from ? metricWeight(geometry, slot) / 4 : 0);
    weights[note.pitch % 12] = (weights[note.pitch % 12] ?? 0) + length * accent;
  }
  const total = weights.reduce((sum, value) => sum + value, 0);
  if (total === 0) return undefined;
  let best: Chord | undefined;
  let highest = -Infinity;
  for (const [degree, favour] of FAVOUR.entries()) {
    const chord = diatonicTriad(key.mode, degree);
    const tones = chordTones(chord, key);
    const inside = tones.reduce((sum, tone) => sum + (weights[tone] ?? 0), 0);
    const stays = before?.root === chord.root && before.quality === chord.quality ? STAYS : 0;
    const fit = inside / total + favour + stays;
    if (fit > highest) {
      highest = fit;
      best = chord;
    }
  }
  return best;
}
