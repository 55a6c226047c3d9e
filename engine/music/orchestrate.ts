import { ticksPerBar } from "../time/meter.ts";
import {
  midiPitch,
  ticks,
  TICKS_PER_QUARTER,
  velocity,
  type MidiPitch,
  type Ticks,
  type UnitInterval,
} from "../time/units.ts";
import type { BarPlan } from "./bar-plan.ts";
import type { HeldManner } from "./dynamics.ts";
import type { Note } from "./note.ts";

/** How an instrument plays what is written for its stem. What is absent is played as it is written. */
export interface Manner extends HeldManner {
  /**
   * `legato`: gaps of an eighth at most are closed. `detached`: notes of an eighth at most keep two thirds.
   * `staccato`: they keep two fifths, and so do notes of a quarter at most that are struck hard.
   */
  readonly touch?: "legato" | "detached" | "staccato";
  /** Below this intensity runs of short, soft notes are plucked by strings that bow the others. */
  readonly pizzicato?: { readonly below: UnitInterval };
  /** Everything this many octaves higher (negative: lower), -2 – 2, where MIDI has the pitch. */
  readonly octave?: number;
  /** From this intensity on others of the section join an octave above (1) or below (-1), softer. */
  readonly doubling?: { readonly from: UnitInterval; readonly octaves: 1 | -1 };
  /** From this intensity on a drum rolls through the last half bar of a phrase into the downbeat. */
  readonly roll?: { readonly from: UnitInterval; readonly drum: MidiPitch };
}

/** A note as it is played. */
export interface PlayedNote extends Note {
  /** Its string is plucked: it rings as it will, whatever the touch. */
  readonly plucked?: true;
}

const EIGHTH = TICKS_PER_QUARTER / 2;
/** Share of a short note that is left when it is detached. */
const DETACHED = 2 / 3;
/** … and when it is staccato, and the velocity from which a quarter is short as well. */
const STACCATO = 0.4;
const HARD = 96;
/** A doubling has this share of the velocity: it is felt more than heard. */
const DOUBLED = 0.7;
/** Pitches beyond which nothing is doubled: E1, below which basses have no notes, and C7. */
const LOWEST = 28;
const HIGHEST = 96;
/** Strokes of a roll and their velocities from first to last. */
const STROKE = TICKS_PER_QUARTER / 8;
const SOFTEST = 20;
const LOUDEST = 84;

/**
 * The notes of a stem as an instrument plays them: every note that is written, on its time and pitch; beside
 * them doublings in octaves and rolls. `bars` are those of the phrase, whose first begins at tick 0. A stinger is
 * played as it is written.
 */
export function orchestrate(
  notes: readonly Note[],
  manner: Manner | undefined,
  bars: readonly BarPlan[],
): readonly PlayedNote[] {
  if (manner === undefined || bars[0]?.role === "stinger") return notes;
  const { touch, octave = 0, pizzicato, doubling, roll } = manner;
  const placed = octave === 0 ? notes : notes.map((note) => raised(note, octave));
  const bowed = touch === undefined ? placed : TOUCHES[touch](placed);
  const touched = pizzicato === undefined ? bowed : plucking(placed, bowed, { pizzicato, bars });
  const doubled = doubling === undefined ? [] : doublings(touched, doubling, bars);
  const rolled = roll === undefined ? [] : rollOf(roll, bars);
  return [...touched, ...doubled, ...rolled].toSorted((a, b) => a.at - b.at || a.pitch - b.pitch);
}

function raised(note: Note, octaves: number): Note {
  const pitch = note.pitch + 12 * octaves;
  return pitch < 0 || pitch > 127 ? note : { ...note, pitch: midiPitch(pitch) };
}

const TOUCHES: Readonly<
  Record<NonNullable<Manner["touch"]>, (notes: readonly Note[]) => readonly Note[]>
> = {
  detached: (notes) =>
    notes.map((note) => (note.duration > EIGHTH ? note : shortened(note, DETACHED))),
  staccato: (notes) =>
    notes.map((note) =>
      note.duration > (note.velocity >= HARD ? 2 * EIGHTH : EIGHTH)
        ? note
        : shortened(note, STACCATO),
    ),
  legato(notes) {
    const onsets = [...new Set(notes.map(({ at }) => at))].toSorted((a, b) => a - b);
    return notes.map((note) => {
      const end = note.at + note.duration;
      const next = onsets.find((at) => at >= end);
      const isNear = next !== undefined && next - end <= EIGHTH;
      return isNear ? { ...note, duration: ticks(next - note.at) } : note;
    });
  },
};

const shortened = (note: Note, share: number): Note => ({
  ...note,
  duration: ticks(Math.max(1, note.duration * share)),
});

/**
 * `bowed` with the light ones of `placed`, the same notes before they had their touch, plucked in their place. One
 * by itself stays under the bow, with the held note that it leads from or to.
 */
function plucking(
  placed: readonly Note[],
  bowed: readonly Note[],
  { pizzicato, bars }: Required<Pick<Manner, "pizzicato">> & { readonly bars: readonly BarPlan[] },
): readonly PlayedNote[] {
  const light = new Map<Ticks, boolean>();
  for (const { at, duration, velocity } of placed) {
    const isCalm = (barAt(bars, at)?.intensity ?? 1) < pizzicato.below;
    const isLight = isCalm && duration <= EIGHTH && velocity < HARD;
    light.set(at, isLight && light.get(at) !== false);
  }
  const onsets = [...light].toSorted(([one], [other]) => one - other);
  const plucked = new Set(
    onsets.flatMap(([at, isLight], nth) => {
      const isRun = onsets[nth - 1]?.[1] === true || onsets[nth + 1]?.[1] === true;
      return isLight && isRun ? [at] : [];
    }),
  );
  return placed.map((note, nth) =>
    plucked.has(note.at) ? { ...note, plucked: true } : (bowed[nth] ?? note),
  );
}

/** Octaves of the notes in bars that are driven enough, where they stay in range and nobody plays them yet. */
function doublings(
  notes: readonly PlayedNote[],
  { from, octaves }: NonNullable<Manner["doubling"]>,
  bars: readonly BarPlan[],
): readonly PlayedNote[] {
  const driven = notes.filter(({ at }) => (barAt(bars, at)?.intensity ?? 0) >= from);
  return driven.flatMap((note) => {
    const pitch = note.pitch + 12 * octaves;
    const isTaken = notes.some(
      (other) =>
        other.pitch === pitch &&
        other.at < note.at + note.duration &&
        note.at < other.at + other.duration,
    );
    if (isTaken || pitch < LOWEST || pitch > HIGHEST) return [];
    const softer = velocity(Math.max(1, Math.round(note.velocity * DOUBLED)));
    return [{ ...note, pitch: midiPitch(pitch), velocity: softer }];
  });
}

function barAt(bars: readonly BarPlan[], at: Ticks): BarPlan | undefined {
  const [first] = bars;
  return first && bars[Math.floor(at / ticksPerBar(first.meter))];
}

/** None where the music comes to its end. */
function rollOf(
  { from, drum }: NonNullable<Manner["roll"]>,
  bars: readonly BarPlan[],
): readonly Note[] {
  const last = bars.at(-1);
  if (last === undefined || last.role === "ending" || last.intensity < from) return [];
  const bar = ticksPerBar(last.meter);
  const end = bars.length * bar;
  const strokes = Math.floor(bar / 2 / STROKE);
  return Array.from({ length: strokes }, (_, stroke) => ({
    at: ticks(end - (strokes - stroke) * STROKE),
    duration: ticks(STROKE),
    pitch: drum,
    velocity: velocity(
      Math.round(SOFTEST + ((LOUDEST - SOFTEST) * stroke) / Math.max(1, strokes - 1)),
    ),
  }));
}
