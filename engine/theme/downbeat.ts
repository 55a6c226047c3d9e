import type { PlayedNote, TimeSignature } from "./midi-bytes.ts";
import { beatGrid, changesOf, onsetsOf, type BeatGrid, type Onset } from "./onsets.ts";

/** What shows where bars begin. */
interface Sounding {
  /** One voice, mostly; its first note falls on the first bar line of the file. Times are from there. */
  readonly melody: readonly PlayedNote[];
  /** Everything else that has a pitch. */
  readonly accompaniment: readonly PlayedNote[];
}

/** Fewer notes, or fewer bars, are evidence of nothing. */
const FEWEST_NOTES = 8;
const FEWEST_BARS = 3;
/** Bars that are looked at. */
const MOST_BARS = 12;
/** Of a bar: what is longer is a bar that begins with a rest. */
const LONGEST = 0.75;
/** Velocities with a smaller standard deviation are no accents. */
const LEAST_SPREAD = 5;

/**
 * How long (quarter notes) the pickup is with which a melody begins on the first bar line of its file, where
 * its bars are evidently counted from the end of that pickup; else 0. The bars of a file hold unless what
 * sounds is against them and for others: where harmony and bass change, which notes are long, which are held
 * over a stronger beat (Longuet-Higgins and Lee 1984, "The rhythmic interpretation of monophonic music"), and
 * which are loud.
 */
export function hiddenPickup(sounding: Sounding, signature: TimeSignature): number {
  const grid = beatGrid(signature);
  const onsets = (notes: readonly PlayedNote[]): readonly Onset[] =>
    onsetsOf(notes.filter(({ at }) => at < MOST_BARS * grid.bar));
  const melody = onsets(sounding.melody);
  const last = melody.at(-1)?.at ?? 0;
  if (melody.length < FEWEST_NOTES || last < FEWEST_BARS * grid.bar) return 0;
  const changes = changesOf(onsets(sounding.accompaniment));
  const view = (pickup: number): View => viewFrom(pickup, melody, changes, grid);
  const written = view(0);
  const hasHarmony = changes.length > 1;
  const isEvident = hasHarmony ? harmonyIsFor : melodyIsFor;
  const [best] = lengthsIn(melody, grid, hasHarmony)
    .map(view)
    .filter((other) => isEvident(other, written, grid))
    .toSorted((a, b) => b.changes - a.changes || a.held - b.held || b.longer - a.longer);
  return best?.pickup ?? 0;
}

/**
 * Lengths that a pickup may have: up to where the melody has an onset. A melody by itself shows whole beats,
 * and a part of one alone, for all its long notes may come that much early.
 */
const lengthsIn = (
  melody: readonly Onset[],
  { bar, beat, offBeat }: BeatGrid,
  hasHarmony: boolean,
): readonly number[] =>
  melody
    .map(({ at }) => at)
    .filter((at) => at > 0 && at <= LONGEST * bar)
    .filter((at) => hasHarmony || at === offBeat || Number.isInteger(at / beat));

/** What speaks for bars that begin after so long a pickup. */
interface View {
  readonly pickup: number;
  /** Share of the changes of harmony and bass that fall on a bar line. */
  readonly changes: number;
  /** Notes of the melody that are held over a stronger beat, and their share of its time. */
  readonly heldNotes: number;
  readonly held: number;
  /** How much longer notes are on strong beats than elsewhere: the logarithm of the ratio. */
  readonly longer: number;
  /** How much louder the first notes of bars are than others, in standard deviations. */
  readonly louder: number;
  /** Share of the bars that begin with a note shorter than a beat. */
  readonly split: number;
}

function viewFrom(
  pickup: number,
  melody: readonly Onset[],
  changes: readonly number[],
  { bar, beat, levelOf, strong }: BeatGrid,
): View {
  const level = ({ at }: Onset): number => levelOf(at - pickup);
  const isHeld = (note: Onset): boolean => {
    const end = Math.min(note.end, note.at + bar);
    for (let place = Math.floor(note.at / beat) * beat; place < end; place += beat / 2) {
      if (place > note.at && levelOf(place - pickup) > level(note)) return true;
    }
    return false;
  };
  const [long, short] = divided(melody, (note) => level(note) >= strong);
  const [heads, others] = divided(melody, (note) => level(note) === 3);
  const held = melody.filter(isHeld);
  const ratio = mean(long.map(lengthOf)) / mean(short.map(lengthOf));
  const spread = deviation(melody.map(loudness));
  return {
    pickup,
    changes:
      changes.filter((at) => levelOf(at - pickup) === 3).length / Math.max(1, changes.length),
    heldNotes: held.length,
    held: sum(held.map(lengthOf)) / sum(melody.map(lengthOf)),
    longer: ratio > 0 && ratio < Infinity ? Math.log(ratio) : 0,
    louder:
      spread < LEAST_SPREAD ? 0 : (mean(heads.map(loudness)) - mean(others.map(loudness))) / spread,
    split: heads.filter((note) => lengthOf(note) < beat).length / heads.length,
  };
}

const lengthOf = ({ at, next }: Onset): number => next - at;
const loudness = ({ velocity }: Onset): number => velocity;

const divided = (
  onsets: readonly Onset[],
  isFirst: (onset: Onset) => boolean,
): readonly [readonly Onset[], readonly Onset[]] => [
  onsets.filter(isFirst),
  onsets.filter((onset) => !isFirst(onset)),
];

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Harmony changes on these bars and not on those of the file, and the melody is not against it. */
const harmonyIsFor = (view: View, written: View): boolean =>
  view.changes >= 0.6 &&
  view.changes >= written.changes + 0.4 &&
  view.held <= written.held + 0.05 &&
  view.longer >= written.longer - 0.1;

/**
 * A melody by itself: a habit of notes that are held over stronger beats, or loud notes, or long ones off the
 * beat where the beat has short ones, which a sarabande has not; each where the others are not against it.
 */
function melodyIsFor(view: View, written: View, { beat, offBeat }: BeatGrid): boolean {
  const longer = view.longer - written.longer;
  const louder = view.louder - written.louder;
  const lessHeld = written.held - view.held;
  if (longer < -0.1 || lessHeld < -0.05 || louder < -0.5) return false;
  const isHabit = written.heldNotes >= 3 && lessHeld >= 0.15 && view.held <= written.held / 3;
  const isAccent = louder >= 1.2 && view.louder >= 0.8;
  const isShort = written.split >= 0.25 || offBeat < beat / 2;
  return isHabit || isAccent || (longer >= 0.6 && view.longer >= 0.4 && isShort);
}
