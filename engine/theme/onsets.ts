import { quartersPerBar } from "./meter-match.ts";
import type { PlayedNote, TimeSignature } from "./midi-bytes.ts";

/** What begins at one moment, as one; times in quarter notes on the grid of sixteenths. */
export interface Onset {
  readonly at: number;
  /** The next onset; of the last one its own end. */
  readonly next: number;
  /** Where it falls silent, at the latest at the next onset. */
  readonly end: number;
  /** Of the loudest. */
  readonly velocity: number;
  /** The lowest pitch and all pitch classes: another harmony has others. */
  readonly harmony: string;
}

const CELL = 0.25;
const onGrid = (time: number): number => Math.round(time / CELL) * CELL;

export function onsetsOf(notes: readonly PlayedNote[]): readonly Onset[] {
  const struck = new Map<number, PlayedNote[]>();
  for (const note of notes) {
    const at = onGrid(note.at);
    const together = struck.get(at);
    if (together === undefined) struck.set(at, [note]);
    else together.push(note);
  }
  const places = [...struck.keys()].toSorted((a, b) => a - b);
  return places.map((at, index) => {
    const together = struck.get(at) ?? [];
    const most = (value: (note: PlayedNote) => number): number =>
      together.reduce((high, note) => Math.max(high, value(note)), -Infinity);
    const until = Math.max(at + CELL, onGrid(most((note) => note.at + note.duration)));
    const next = places[index + 1] ?? until;
    const classes = [...new Set(together.map(({ pitch }) => pitch % 12))].toSorted((a, b) => a - b);
    return {
      at,
      next,
      end: Math.min(next, until),
      velocity: most(({ velocity }) => velocity),
      harmony: `${-most(({ pitch }) => -pitch)}: ${classes.join(" ")}`,
    };
  });
}

/** When other notes begin, or another lowest one, than before; the first of all is a change. */
export const changesOf = (onsets: readonly Onset[]): readonly number[] =>
  onsets.filter(({ harmony }, index) => onsets[index - 1]?.harmony !== harmony).map(({ at }) => at);

/** The beats of a file's bars, in quarter notes. */
export interface BeatGrid {
  readonly bar: number;
  readonly beat: number;
  /** The shortest pickup that is none of a whole beat: a third of one in compound meters, else a half. */
  readonly offBeat: number;
  /** How strong a place is: 3 the beginning of a bar, 2 its half, 1 a beat, 0 between. */
  readonly levelOf: (place: number) => number;
  /** From which level on long notes like to begin. */
  readonly strong: number;
}

export function beatGrid(signature: TimeSignature): BeatGrid {
  const { numerator, denominator } = signature;
  const bar = quartersPerBar(signature);
  const isCompound = numerator > 3 && numerator % 3 === 0 && denominator >= 8;
  const beat = (isCompound ? 12 : 4) / denominator;
  const isDuple = Math.round(bar / beat) % 2 === 0;
  const isOn = (place: number, unit: number): boolean =>
    Math.abs(place / unit - Math.round(place / unit)) < 1e-6;
  const levelOf = (place: number): number => {
    if (isOn(place, bar)) return 3;
    if (isDuple && isOn(place, bar / 2)) return 2;
    return isOn(place, beat) ? 1 : 0;
  };
  const strong = isCompound ? 1 : isDuple && bar > 2 * beat ? 2 : 3;
  return { bar, beat, offBeat: isCompound ? beat / 3 : beat / 2, levelOf, strong };
}
