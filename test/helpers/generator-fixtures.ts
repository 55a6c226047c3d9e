import type { BarPlan } from "../../engine/music/bar-plan.ts";
import type { Note } from "../../engine/music/note.ts";
import { perStem, type PerStem, type Stem } from "../../engine/music/stem.ts";
import {
  encodeWindow,
  type EncodedWindow,
  type WindowSpec,
} from "../../engine/generator/encode.ts";
import { cellAt } from "../../engine/generator/geometry.ts";
import { sampleWindow, type Logits, type SampleResult } from "../../engine/generator/sampler.ts";
import type { GenerationRequest, StemMask } from "../../engine/generator/service.ts";
import * as T from "../../engine/generator/tokens.ts";
import { TUNABLES } from "../../engine/generator/tunables.ts";
import { createVoicings, type Voicings } from "../../engine/generator/voicings.ts";
import { randomAt } from "../../engine/music/random.ts";
import {
  bpm,
  milliseconds,
  midiPitch,
  ticks,
  unitInterval,
  velocity,
} from "../../engine/time/units.ts";

/** A small table: single notes, plain triads and sevenths, as every model's table begins. */
export const voicings: Voicings = createVoicings([
  ...Array.from({ length: 12 }, (_, i) => [i]),
  [0, 4, 7],
  [0, 3, 7],
  [0, 3, 6],
  [0, 4, 8],
  [0, 4, 7, 11],
  [0, 3, 7, 10],
  [0, 4, 7, 10],
  [4, 7, 12],
  [0, 7, 16],
]);

/** A bar of C major in 4/4 at 60 bpm over its tonic chord; every stem at density 2. */
export const barPlan = (changes: Partial<BarPlan> = {}): BarPlan => ({
  meter: "4/4",
  tempo: bpm(60),
  key: { tonic: 0, mode: "ionian" },
  chords: [
    { root: 0, quality: "maj" },
    { root: 0, quality: "maj" },
  ],
  role: "A",
  positionInPhrase: 0,
  intensity: unitInterval(0.5),
  valence: 0,
  arousal: unitInterval(0.5),
  style: undefined,
  density: perStem(() => 2),
  ...changes,
});

export const bars = (count: number, changes: Partial<BarPlan> = {}): readonly BarPlan[] =>
  Array.from({ length: count }, (_, i) => barPlan({ positionInPhrase: i % 8, ...changes }));

export const note = (at: number, duration: number, pitch: number, loud = 80): Note => ({
  at: ticks(at),
  duration: ticks(duration),
  pitch: midiPitch(pitch),
  velocity: velocity(loud),
});

export const noNotes: PerStem<readonly Note[]> = perStem(() => []);

export const maskAll = (count: number, mask: StemMask): readonly PerStem<StemMask>[] =>
  Array.from({ length: count }, () => perStem(() => mask));

export const windowSpec = (changes: Partial<WindowSpec> = {}): WindowSpec => {
  const plans = changes.bars ?? bars(4);
  return { bars: plans, given: noNotes, mask: maskAll(plans.length, "write"), seed: 1, ...changes };
};

export const generationRequest = (changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
  id: "take",
  deadline: milliseconds(Date.now() + 60_000),
  priority: 0,
  passes: 4,
  ...windowSpec({ bars: bars(8) }),
  ...changes,
});

/** A network that never learned: fixed noise for every cell, in favour of rests like a trained one. */
export const noise = (seed = 0, restBias = 2): Logits => {
  const fill = (length: number, purpose: string): Float32Array =>
    Float32Array.from({ length }, (_, i) => 4 * randomAt(seed, purpose, i) - 2);
  const cells = fill(T.WINDOW_SLOTS * T.SLOT_LOGITS, "cells");
  for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
    for (let lane = 0; lane < T.LANE_COUNT; lane += 1) {
      const silent = slot * T.SLOT_LOGITS + T.offsetOf(lane) + (lane < 5 ? T.REST : T.NO_HIT);
      cells[silent] = (cells[silent] ?? 0) + restBias;
    }
  }
  return {
    cells,
    chords: fill(T.TOKENS * T.CHORD_CLASSES, "chords"),
    expression: fill(T.WINDOW_SLOTS * T.SLOT_EXPRESSION, "expression"),
  };
};

export interface Sampled extends SampleResult {
  readonly window: EncodedWindow;
  /** Inputs of every pass, copied. */
  readonly seen: readonly Int32Array[];
}

/** Runs the sampler over a fake network. */
export async function sampleFake(
  spec: WindowSpec,
  options: {
    readonly passes?: number;
    readonly logits?: Logits;
    readonly next?: (done: number) => "continue" | "commit" | "cancel";
  } = {},
): Promise<Sampled> {
  const window = encodeWindow(spec, voicings);
  const logits = options.logits ?? noise();
  const seen: Int32Array[] = [];
  const result = await sampleWindow({
    window,
    voicings,
    seed: spec.seed,
    passes: options.passes ?? 12,
    cuts: TUNABLES.densityCuts,
    runPass: (inputs) => {
      seen.push(inputs.cells.slice());
      return Promise.resolve(logits);
    },
    next: (done) => Promise.resolve(options.next?.(done) ?? "continue"),
  });
  return { ...result, window, seen };
}

/** Ids of a lane in playing order. */
export const laneIds = ({ geometry, cells }: EncodedWindow, lane: number): readonly number[] =>
  Array.from({ length: geometry.length }, (_, slot) => cells[cellAt(geometry, slot, lane)] ?? -1);

/** Breaches of the grammar, in words; empty when all is well. */
export function grammarFaults(window: EncodedWindow): readonly string[] {
  const faults: string[] = [];
  for (const [lane, { name, classes }] of T.LANES.entries()) {
    const ids = laneIds(window, lane);
    for (const [slot, id] of ids.entries()) {
      const absent = id === T.absentId(lane);
      if (id < 0 || (id >= classes && !absent)) faults.push(`${name} ${slot}: id ${id}`);
      if (lane === T.OCTAVE || lane > T.BASS || id !== T.HOLD) continue;
      const before = ids[slot - 1] ?? T.REST;
      if (before === T.REST || before === T.absentId(lane)) faults.push(`${name} ${slot}: hold`);
    }
  }
  const octaves = laneIds(window, T.OCTAVE);
  for (const [slot, id] of laneIds(window, T.HARMONY).entries()) {
    const onset = id >= T.ONSET && id < T.maskId(T.HARMONY);
    if (onset !== (octaves[slot] ?? 99) < T.maskId(T.OCTAVE)) faults.push(`octave ${slot}`);
  }
  return faults;
}

/** Onsets of a pitched stem, or slots with a drum hit, in each bar. */
export function onsetsPerBar(window: EncodedWindow, stem: Stem): readonly number[] {
  const counts = Array.from({ length: window.geometry.bars }, () => 0);
  const lanes = T.STEM_LANES[stem].filter((lane) => lane !== T.OCTAVE);
  const first = stem === "drums" ? 1 : T.ONSET;
  const perLane = lanes.map((lane) => laneIds(window, lane));
  for (let slot = 0; slot < window.geometry.length; slot += 1) {
    const bar = Math.floor(slot / window.geometry.slots);
    const onset = perLane.some((ids, i) => {
      const id = ids[slot] ?? 0;
      return id >= first && id < T.classesOf(lanes[i] ?? 0);
    });
    if (onset) counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts;
}
