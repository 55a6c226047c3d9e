import type { Chord } from "../music/chord.ts";
import { CHORD_QUALITIES } from "../music/chord.ts";
import type { PitchClass } from "../music/key.ts";
import type { Stem } from "../music/stem.ts";

/**
 * The model's vocabulary: the TypeScript side of `docs/representation.md`. A test compares every
 * constant here with `model.json`, which the Python side writes.
 */

/** Bars in a window, slots kept for each bar, slots in all, slots in one of the network's tokens. */
export const WINDOW_BARS = 16;
export const BAR_SLOTS = 16;
export const WINDOW_SLOTS: number = WINDOW_BARS * BAR_SLOTS;
export const PATCH = 2;
export const TOKENS: number = WINDOW_SLOTS / PATCH;

export interface Lane {
  readonly name: string;
  /** Ids 0 … classes − 1 are predicted; `classes` is MASK, `classes + 1` is ABSENT. */
  readonly classes: number;
  /** Where the lane's logits begin among the 260 of a slot. */
  readonly offset: number;
}

export const LANES: readonly Lane[] = [
  { name: "melody", classes: 50, offset: 0 },
  { name: "counter", classes: 50, offset: 50 },
  { name: "harmony", classes: 98, offset: 100 },
  { name: "harmonyOctave", classes: 5, offset: 198 },
  { name: "bass", classes: 38, offset: 203 },
  { name: "drumsLow", classes: 6, offset: 241 },
  { name: "drumsHigh", classes: 7, offset: 247 },
  { name: "drumsPerc", classes: 6, offset: 254 },
];
export const LANE_COUNT: number = LANES.length;
export const SLOT_LOGITS = 260;
/** Cells in a window: one id for each slot and lane, lanes side by side. */
export const CELLS: number = WINDOW_SLOTS * LANE_COUNT;

export const MELODY = 0;
export const COUNTER = 1;
export const HARMONY = 2;
export const OCTAVE = 3;
export const BASS = 4;
export const DRUM_LANES = [5, 6, 7] as const;

/** The lanes that hold a stem. */
export const STEM_LANES: Readonly<Record<Stem, readonly number[]>> = {
  melody: [MELODY],
  counter: [COUNTER],
  harmony: [HARMONY, OCTAVE],
  bass: [BASS],
  drums: DRUM_LANES,
};

/** Ids of the pitched lanes: hold, rest, and the first of the onsets. */
export const HOLD = 0;
export const REST = 1;
export const ONSET = 2;
/** The id of silence in the drum lanes. */
export const NO_HIT = 0;

export const classesOf = (lane: number): number => LANES[lane]?.classes ?? 0;
export const offsetOf = (lane: number): number => LANES[lane]?.offset ?? 0;
export const maskId = (lane: number): number => classesOf(lane);
export const absentId = (lane: number): number => classesOf(lane) + 1;

/** Chord ids: `root × 10 + quality`, then no chord; the input also knows MASK and ABSENT. */
export const NO_CHORD = 120;
export const CHORD_CLASSES = 121;
export const CHORD_MASK = 121;
export const CHORD_ABSENT = 122;
const QUALITY_COUNT = CHORD_QUALITIES.length;

export const chordId = (chord: Chord): number =>
  chord.root * QUALITY_COUNT + CHORD_QUALITIES.indexOf(chord.quality);

/** The chord of an id, `undefined` for no chord. */
export function chordOf(id: number): Chord | undefined {
  const quality = CHORD_QUALITIES[id % QUALITY_COUNT];
  return id >= NO_CHORD || quality === undefined
    ? undefined
    : { root: Math.floor(id / QUALITY_COUNT), quality };
}

/** Width of each condition column; the last id of each means unknown (for the meter: absent bar). */
export const CONDITIONS: readonly { readonly name: string; readonly classes: number }[] = [
  { name: "meter", classes: 5 },
  { name: "mode", classes: 8 },
  { name: "style", classes: 8 },
  { name: "role", classes: 8 },
  { name: "position", classes: 9 },
  { name: "intensity", classes: 9 },
  { name: "valence", classes: 6 },
  { name: "arousal", classes: 6 },
  { name: "density.melody", classes: 6 },
  { name: "density.counter", classes: 6 },
  { name: "density.harmony", classes: 6 },
  { name: "density.bass", classes: 6 },
  { name: "density.drums", classes: 6 },
  { name: "register.melody", classes: 5 },
  { name: "register.counter", classes: 5 },
  { name: "register.harmony", classes: 5 },
  { name: "register.bass", classes: 5 },
  { name: "feel", classes: 4 },
];
export const CONDITION_COUNT: number = CONDITIONS.length;
/** In the first column of a bar that is not there. */
export const METER_ABSENT = 4;

/** Expression logits of a slot: for each stem the velocity levels, then the micro-timing bins. */
export const VELOCITY_LEVELS = 8;
export const TIMING_BINS = 9;
export const SLOT_EXPRESSION: number = 5 * (VELOCITY_LEVELS + TIMING_BINS);

/** Lowest pitch of a one-voice lane in semitones from its anchor, and the number of its pitches. */
export const LANE_RANGES: Readonly<
  Record<"melody" | "counter" | "bass", { readonly low: number; readonly pitches: number }>
> = {
  melody: { low: -12, pitches: 48 },
  counter: { low: -18, pitches: 48 },
  bass: { low: -12, pitches: 36 },
};

const rangeOf = (lane: number): { readonly low: number; readonly pitches: number } =>
  lane === BASS ? LANE_RANGES.bass : lane === COUNTER ? LANE_RANGES.counter : LANE_RANGES.melody;

/** MIDI pitch of the tonic that a one-voice lane counts from. */
export const anchorOf = (lane: number, tonic: PitchClass): number =>
  (lane === BASS ? 36 : 60) + (tonic <= 5 ? tonic : tonic - 12);

/** Moves a value by octaves into [low, high], which must span an octave or more. */
export function fold(value: number, low: number, high: number): number {
  if (value < low) return value + 12 * Math.ceil((low - value) / 12);
  if (value > high) return value - 12 * Math.ceil((value - high) / 12);
  return value;
}

/** Id of a MIDI pitch in the melody, counter or bass lane; out of range folds by octaves. */
export function pitchToId(lane: number, pitch: number, tonic: PitchClass): number {
  const { low, pitches } = rangeOf(lane);
  return ONSET + fold(pitch - anchorOf(lane, tonic) - low, 0, pitches - 1);
}

/** MIDI pitch of an onset id (2 or more). */
export const idToPitch = (lane: number, id: number, tonic: PitchClass): number =>
  anchorOf(lane, tonic) + rangeOf(lane).low + id - ONSET;

/** Semitones above the tonic, 0–11, of an onset id in a one-voice lane. */
export const degreeOf = (lane: number, id: number): number =>
  (((rangeOf(lane).low + id - ONSET) % 12) + 12) % 12;
