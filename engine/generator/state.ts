import type { EncodedWindow } from "./encode.ts";
import type { DensityCuts } from "./density.ts";
import { findCadences } from "./cadence.ts";
import { findClimaxes, type Climaxes } from "./climax.ts";
import { barAt, halfAt, halfToken } from "./geometry.ts";
import { planRepetition, type Repetition } from "./repetition.ts";
import type { BarPlan } from "../music/bar-plan.ts";
import { scaleOf } from "../music/key.ts";
import { chordTones } from "../music/chord.ts";
import * as T from "./tokens.ts";

/** What the network answers: logits of cells (256 × 260), chords (128 × 121) and expression (256 × 85). */
export interface Logits {
  readonly cells: Float32Array;
  readonly chords: Float32Array;
  readonly expression: Float32Array;
}

/** The sampler's working memory for one window. */
export interface SamplerState {
  /** Its cells and chords are filled in as they are decided. */
  readonly window: EncodedWindow;
  /** The voicing table: each shape as a set of pitch classes above the chord root. */
  readonly shapeClasses: readonly number[];
  /** Number of notes of each shape, and their mean above the root. */
  readonly shapeSizes: readonly number[];
  readonly shapeMiddles: readonly number[];
  readonly seed: number;
  readonly cuts: DensityCuts;
  /** Log probability with which each cell was decided. */
  readonly certainty: Float64Array;
  /** Onsets that each stem (of 5) should have in each bar (of 16); NaN until it is first looked at. */
  readonly targets: Float64Array;
  /** Hits that each drum lane should have in each bar, by `lane × 16 + bar`; NaN until it is first looked at. */
  readonly laneTargets: Float64Array;
  /** Rests that each stem (of 5) should have in its bars of each depth; NaN until first looked at. */
  readonly restTargets: Float64Array;
  /** Which bars follow which, and how strongly the melody of each bar (of 16) comes to rest. */
  readonly repetition: Repetition;
  readonly cadences: Float64Array;
  readonly climaxes: Climaxes;
  /** The scale of each bar: pitch classes above the tonic of the window, as bits. */
  readonly scales: readonly number[];
}

/** How to choose: draw at random (keyed by the pass), or take the most likely. */
export type Choice =
  { readonly kind: "draw"; readonly pass: number } | { readonly kind: "likeliest" };

const bitsOf = (classes: readonly number[]): number =>
  classes.reduce((bits, value) => bits | (1 << (value % 12)), 0);

function scaleBits({ key, modulatedTo = key }: BarPlan): number {
  const above = modulatedTo.tonic - key.tonic + 12;
  return bitsOf(scaleOf(modulatedTo.mode).map((step) => step + above));
}

export function createState(
  window: EncodedWindow,
  shapes: readonly (readonly number[])[],
  seed: number,
  cuts: DensityCuts,
): SamplerState {
  const cadences = findCadences(window);
  const repetition = planRepetition(window, cadences, seed);
  return {
    window,
    shapeClasses: shapes.map(bitsOf),
    shapeSizes: shapes.map((shape) => shape.length),
    shapeMiddles: shapes.map(
      (shape) => shape.reduce((sum, offset) => sum + offset, 0) / shape.length,
    ),
    seed,
    cuts,
    certainty: new Float64Array(T.CELLS),
    targets: new Float64Array(5 * T.WINDOW_BARS).fill(Number.NaN),
    laneTargets: new Float64Array(T.LANE_COUNT * T.WINDOW_BARS).fill(Number.NaN),
    restTargets: new Float64Array(5 * T.WINDOW_BARS).fill(Number.NaN),
    repetition,
    cadences,
    climaxes: findClimaxes(window, cadences, repetition.same.subarray(0, T.WINDOW_BARS)),
    scales: window.plans.map(scaleBits),
  };
}

const INTENSITY = T.CONDITIONS.findIndex(({ name }) => name === "intensity");
/** Levels of intensity, 0–7, lie this far to either side of the middle. */
const REACH = 3.5;

/** How far the intensity of a bar lies from the middle, from -1 (calmest) to 1; 0 where none is asked for. */
export function excitement({ window }: SamplerState, bar: number): number {
  const level = window.bars[bar * T.CONDITION_COUNT + INTENSITY] ?? 0;
  return level > 2 * REACH ? 0 : (level - REACH) / REACH;
}

const CHORD_BITS: readonly number[] = Array.from({ length: T.CHORD_CLASSES }, (_, id) => {
  const chord = T.chordOf(id);
  return chord === undefined ? 0 : bitsOf(chordTones(chord, { tonic: 0, mode: "ionian" }));
});

/** The chord id in force in a slot; `CHORD_MASK` while it is open. */
export const chordIdAt = ({ window }: SamplerState, slot: number): number =>
  window.chords[halfToken(window.geometry, halfAt(window.geometry, slot))] ?? T.NO_CHORD;

/** The scale in force in a slot, as bits. */
export const scaleAt = ({ window, scales }: SamplerState, slot: number): number =>
  scales[barAt(window.geometry, slot)] ?? 0;

/** Pitch classes above the tonic of a chord id, as bits; none for no chord. */
export const chordBits = (id: number): number => CHORD_BITS[id] ?? 0;

/** Semitones from the tonic to the root that harmony counts from. */
export const chordRoot = (id: number): number => (id >= T.NO_CHORD ? 0 : Math.floor(id / 10));
