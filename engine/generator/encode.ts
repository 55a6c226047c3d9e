import type { BarPlan } from "../music/bar-plan.ts";
import type { Note } from "../music/note.ts";
import { randomAt } from "../music/random.ts";
import type { PerStem, Stem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import { encodeChords } from "./encode-chords.ts";
import { encodeConditions } from "./conditions.ts";
import type { Geometry } from "./geometry.ts";
import { barAt, blockSlots, cellAt, createGeometry, halfAt } from "./geometry.ts";
import type { Layer } from "./place.ts";
import { oneVoice, placeDrums, placeHarmony, placeNotes } from "./place.ts";
import type { GridNote } from "./quantise.ts";
import { quantise } from "./quantise.ts";
import type { StemMask } from "./service.ts";
import * as T from "./tokens.ts";
import type { Voicings } from "./voicings.ts";

/** What the network reads: ids of the cells (256 × 8), chords (128) and bars (16 × 18). */
export interface ModelInputs {
  readonly cells: Int32Array<ArrayBuffer>;
  readonly chords: Int32Array<ArrayBuffer>;
  readonly bars: Int32Array<ArrayBuffer>;
}

/** What is to be written, see `GenerationRequest`. */
export interface WindowSpec {
  readonly bars: readonly BarPlan[];
  readonly given: PerStem<readonly Note[]>;
  readonly mask: readonly PerStem<StemMask>[];
  readonly seed: number;
}

/** A window as ids, with what may be written and what must stay. */
export interface EncodedWindow extends ModelInputs {
  readonly geometry: Geometry;
  readonly plans: readonly BarPlan[];
  readonly mask: readonly PerStem<StemMask>[];
  /** 1 where the sampler decides the cell. */
  readonly open: Uint8Array;
  /** 1 where the sampler decides the half bar's chord. */
  readonly openHalves: Uint8Array;
  /** The given notes behind each onset cell, so that what is kept comes back as it was. */
  readonly origins: ReadonlyMap<number, readonly Note[]>;
}

/**
 * Turns plans and notes into ids. Throws `RangeError` when the window has no bar or more than 16,
 * mixes meters or keys, or does not have one mask for each bar.
 */
export function encodeWindow(spec: WindowSpec, voicings: Voicings): EncodedWindow {
  const first = checkBars(spec);
  const geometry = createGeometry(first.meter, spec.bars.length);
  const tonic = first.key.tonic;
  const notes = givenNotes(spec, geometry);
  const cells = emptyCells(spec.mask, geometry);
  const { chords, openHalves, ids: chordIds } = encodeChords(spec, notes, geometry);
  const origins = new Map<number, readonly Note[]>();
  const layer: Layer = { geometry, cells, origins };
  for (const lane of [T.MELODY, T.COUNTER, T.BASS]) {
    const stem = lane === T.BASS ? "bass" : lane === T.COUNTER ? "counter" : "melody";
    const voice = oneVoice(notes[stem], lane === T.BASS);
    placeNotes(layer, lane, voice, ({ note }) => T.pitchToId(lane, note.pitch, tonic));
  }
  placeHarmony(layer, notes.harmony, voicings, (slot) => {
    const chord = T.chordOf(chordIds[halfAt(geometry, slot)] ?? T.NO_CHORD);
    return (tonic + (chord?.root ?? 0)) % 12;
  });
  placeDrums(layer, notes.drums);
  const open = maskCells(spec, layer);
  const bars = encodeConditions(spec.bars, spec.mask);
  const { bars: plans, mask } = spec;
  return { geometry, plans, mask, cells, chords, bars, open, openHalves, origins };
}

function checkBars(spec: WindowSpec): BarPlan {
  const first = spec.bars[0];
  if (first === undefined || spec.bars.length > T.WINDOW_BARS) {
    throw new RangeError(`a window has 1–${T.WINDOW_BARS} bars, got ${spec.bars.length}`);
  }
  const alike = (plan: BarPlan): boolean =>
    plan.meter === first.meter &&
    plan.key.tonic === first.key.tonic &&
    plan.key.mode === first.key.mode;
  if (!spec.bars.every(alike)) throw new RangeError("a window must be in one meter and key");
  if (spec.mask.length !== spec.bars.length) {
    throw new RangeError(`expected ${spec.bars.length} masks, one a bar, got ${spec.mask.length}`);
  }
  return first;
}

/** The notes on the grid, without those that start where a stem is written anew or absent. */
function givenNotes(spec: WindowSpec, geometry: Geometry): PerStem<readonly GridNote[]> {
  const kept = (stem: Stem): readonly GridNote[] =>
    quantise(spec.given[stem], geometry).filter(({ slot }) => {
      const mask = spec.mask[barAt(geometry, slot)]?.[stem];
      return mask !== "write" && mask !== "absent";
    });
  return {
    melody: kept("melody"),
    counter: kept("counter"),
    harmony: kept("harmony"),
    bass: kept("bass"),
    drums: kept("drums"),
  };
}

/** Silence where a stem plays, absence everywhere else. */
function emptyCells(
  mask: readonly PerStem<StemMask>[],
  geometry: Geometry,
): Int32Array<ArrayBuffer> {
  const cells = new Int32Array(T.CELLS);
  for (let cell = 0; cell < T.CELLS; cell += 1) cells[cell] = T.absentId(cell % T.LANE_COUNT);
  for (let slot = 0; slot < geometry.length; slot += 1) {
    for (const stem of STEMS) {
      if (mask[barAt(geometry, slot)]?.[stem] === "absent") continue;
      for (const lane of T.STEM_LANES[stem]) {
        if (lane === T.OCTAVE) continue;
        cells[cellAt(geometry, slot, lane)] = stem === "drums" ? T.NO_HIT : T.REST;
      }
    }
  }
  return cells;
}

/**
 * Masks what is to be written. A note that was kept and sounds on into a bar to be written stays
 * whole: its holds are not masked. A density of 0 leaves silence.
 */
function maskCells(spec: WindowSpec, { geometry, cells }: Layer): Uint8Array {
  const open = new Uint8Array(T.CELLS);
  const mask = (slot: number, stem: Stem): void => {
    for (const lane of T.STEM_LANES[stem]) {
      const cell = cellAt(geometry, slot, lane);
      cells[cell] = T.maskId(lane);
      open[cell] = 1;
    }
  };
  for (let bar = 0; bar < geometry.bars; bar += 1) {
    for (const [index, stem] of STEMS.entries()) {
      const wish = spec.mask[bar]?.[stem];
      if (wish === undefined || wish === "keep" || wish === "absent") continue;
      const start = bar * geometry.slots;
      if (wish !== "write") {
        const drawn = drawSlots(geometry, wish.rewrite, spec.seed, bar, index);
        for (const place of drawn) mask(start + place, stem);
      } else if (spec.bars[bar]?.density[stem] !== 0) {
        let slot = start;
        const lane = T.STEM_LANES[stem][0] ?? 0;
        const held = (at: number): boolean =>
          stem !== "drums" && cells[cellAt(geometry, at, lane)] === T.HOLD;
        while (slot < start + geometry.slots && held(slot)) slot += 1;
        for (; slot < start + geometry.slots; slot += 1) mask(slot, stem);
      }
    }
  }
  return open;
}

/** Places in a bar that a rewrite frees: whole beats in an order drawn by lot, until the share is reached. */
function drawSlots(
  geometry: Geometry,
  share: number,
  seed: number,
  bar: number,
  stem: number,
): readonly number[] {
  const size = blockSlots(geometry);
  const chance = (block: number): number => randomAt(seed, "rewrite", bar, stem, block);
  return Array.from({ length: geometry.slots / size }, (_, block) => block)
    .sort((a, b) => chance(a) - chance(b))
    .flatMap((block) => Array.from({ length: size }, (_, i) => block * size + i))
    .slice(0, Math.round(share * geometry.slots));
}
