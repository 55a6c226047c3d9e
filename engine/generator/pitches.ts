import { randomAt } from "../music/random.ts";
import { inBassRange } from "../music/register.ts";
import { argmax, drawNucleus, logAdd, softmax } from "./distribution.ts";
import { sideOfLanding } from "./cadence.ts";
import { riseAt } from "./climax.ts";
import { barAt, cellAt, gridSlot, metricWeight } from "./geometry.ts";
import { isOnset } from "./grammar.ts";
import { copies, decidedSource } from "./repetition.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import { chordBits, chordIdAt, chordRoot, excitement, scaleAt } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const DRAW_PITCH = 1;
const DRAW_OCTAVE = 2;
/** Metric weight from which a beat counts as strong. */
const STRONG = 3;

const weights = new Float64Array(128);

/**
 * Chooses the pitch (or the voicing and octave) of an onset and writes it. Returns the log
 * probability of what was chosen.
 */
export function writeOnset(
  state: SamplerState,
  logits: Logits,
  lane: number,
  slot: number,
  choice: Choice,
): number {
  const { geometry, cells } = state.window;
  const base = gridSlot(geometry, slot) * T.SLOT_LOGITS;
  const count = onsetCount(state, lane);
  const start = base + T.offsetOf(lane) + T.ONSET;
  for (let i = 0; i < count; i += 1) weights[i] = logits.cells[start + i] ?? 0;
  if (lane === T.BASS) foldBass(state, count);
  if (lane === T.HARMONY) judgeShapes(state, slot, count);
  else judgePitches(state, lane, slot, count);
  pullToSource(state, lane, slot, count);
  if (lane === T.BASS) judgeRepeats(state, slot);
  if (lane === T.MELODY) pullToCadence(state, slot, count);
  if (lane === T.MELODY) pullToClimax(state, slot, count);
  softmax(weights, count, TUNABLES.temperature);
  const uniform = uniformOf(state, choice, DRAW_PITCH, lane, slot);
  const [index, probability] = choose(count, TUNABLES.topP, uniform);
  cells[cellAt(geometry, slot, lane)] = T.ONSET + index;
  if (lane === T.HARMONY) writeOctave(state, logits, slot, choice);
  return Math.log(probability);
}

/** Onset ids that a lane may take: the voicing table may be shorter than the lane. */
export const onsetCount = (state: SamplerState, lane: number): number => {
  const ids = T.classesOf(lane) - T.ONSET;
  return lane === T.HARMONY ? Math.min(ids, state.shapeClasses.length) : ids;
};

const uniformOf = (
  state: SamplerState,
  choice: Choice,
  purpose: number,
  lane: number,
  slot: number,
): number | undefined =>
  choice.kind === "likeliest" ? undefined : randomAt(state.seed, purpose, choice.pass, lane, slot);

function choose(
  count: number,
  topP: number,
  uniform: number | undefined,
): readonly [index: number, probability: number] {
  const likeliest = argmax(weights, count);
  if (uniform === undefined) return [likeliest, weights[likeliest] ?? 0];
  copy.set(weights);
  const index = drawNucleus(weights, count, topP, uniform);
  return [index, copy[index] ?? 0];
}
const copy = new Float64Array(weights.length);

function writeOctave(state: SamplerState, logits: Logits, slot: number, choice: Choice): void {
  const { geometry, cells } = state.window;
  const count = T.classesOf(T.OCTAVE);
  const start = gridSlot(geometry, slot) * T.SLOT_LOGITS + T.offsetOf(T.OCTAVE);
  for (let i = 0; i < count; i += 1) weights[i] = logits.cells[start + i] ?? 0;
  for (const direction of [-1, 1] as const) judgeOctaves(state, slot, direction, count);
  pullToSource(state, T.OCTAVE, slot, count);
  softmax(weights, count, TUNABLES.structureTemperature);
  const uniform = uniformOf(state, choice, DRAW_OCTAVE, T.OCTAVE, slot);
  const [index] = choose(count, TUNABLES.structureTopP, uniform);
  cells[cellAt(geometry, slot, T.OCTAVE)] = index;
}

/** Lowers octaves that move the chord far from the nearest decided one on one side. */
function judgeOctaves(state: SamplerState, slot: number, direction: 1 | -1, count: number): void {
  const { geometry, cells } = state.window;
  const other = neighbourSlot(state, T.HARMONY, slot, direction);
  const octave = cells[cellAt(geometry, other, T.OCTAVE)] ?? count;
  if (other < 0 || octave >= count) return;
  const middle = chordMiddle(state, slot);
  const target = chordMiddle(state, other) + 12 * octave;
  for (let i = 0; i < count; i += 1) {
    const move = Math.abs(middle + 12 * i - target) - TUNABLES.freeChordMove;
    weights[i] = (weights[i] ?? 0) - TUNABLES.chordMove * Math.max(0, move);
  }
}

/** Mean of a decided chord's notes above the lowest octave's tonic, without its own octave. */
function chordMiddle(state: SamplerState, slot: number): number {
  const { geometry, cells, plans } = state.window;
  const id = cells[cellAt(geometry, slot, T.HARMONY)] ?? T.ONSET;
  const tonic = plans[0]?.key.tonic ?? 0;
  const rootClass = (tonic + chordRoot(chordIdAt(state, slot))) % 12;
  return rootClass + (state.shapeMiddles[id - T.ONSET] ?? 0);
}

/** Gives what the network would put beyond the range of a bass to the same note within it. */
function foldBass(state: SamplerState, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const within = bassIndex(state, i);
    if (within === i) continue;
    weights[within] = logAdd(weights[within] ?? 0, weights[i] ?? 0);
    weights[i] = -Infinity;
  }
}

/** The index of a bass pitch, moved by octaves into the range of a bass. */
function bassIndex({ window }: SamplerState, index: number): number {
  const tonic = window.plans[0]?.key.tonic ?? 0;
  const pitch = inBassRange(T.idToPitch(T.BASS, T.ONSET + index, tonic));
  return T.pitchToId(T.BASS, pitch, tonic) - T.ONSET;
}

/** Lowers pitches that are foreign to scale and chord, and weighs intervals from the neighbours. */
function judgePitches(state: SamplerState, lane: number, slot: number, count: number): void {
  const chord = chordBits(chordIdAt(state, slot));
  const strongBass =
    lane === T.BASS && chord !== 0 && metricWeight(state.window.geometry, slot) >= STRONG;
  const bonus =
    TUNABLES.intervals[lane === T.BASS ? "bass" : lane === T.COUNTER ? "counter" : "melody"];
  const before = neighbour(state, lane, slot, -1);
  const after = neighbour(state, lane, slot, 1);
  for (let i = 0; i < count; i += 1) {
    const bit = 1 << T.degreeOf(lane, T.ONSET + i);
    let penalty = (bit & (scaleAt(state, slot) | chord)) === 0 ? TUNABLES.outOfScale : 0;
    if (strongBass && (bit & chord) === 0) penalty += TUNABLES.bassOffChord;
    if (before >= 0) penalty -= intervalBonus(bonus, i - before);
    if (after >= 0) penalty -= intervalBonus(bonus, i - after);
    weights[i] = (weights[i] ?? 0) - penalty;
  }
}

/**
 * Raises what the bar that is followed has in this place: the very id where it is copied over the same
 * chord, else the same voicing, or the pitches around it, moved with the root of the chord.
 */
function pullToSource(state: SamplerState, lane: number, slot: number, count: number): void {
  const { window, repetition } = state;
  const source = decidedSource(window, repetition, lane, slot);
  if (source < 0) return;
  const first = lane === T.OCTAVE ? 0 : T.ONSET;
  const given = (window.cells[cellAt(window.geometry, source, lane)] ?? 0) - first;
  const copy = copies(window, repetition, lane, slot);
  const [here, there] = [chordIdAt(state, slot), chordIdAt(state, source)];
  if (given < 0) return;
  const within = (at: number): number => (lane === T.BASS ? bassIndex(state, at) : at);
  const index = within(given);
  const exact = copy && here === there;
  if (exact || lane === T.HARMONY) {
    const pull = exact ? TUNABLES.copyPull.pitch : TUNABLES.rhythmPull.pitch;
    weights[index] = (weights[index] ?? 0) + pull;
    return;
  }
  if (lane === T.OCTAVE) return;
  // At most a tritone either way.
  const move = ((chordRoot(here) - chordRoot(there) + 17) % 12) - 5;
  const target = within(T.fold(index + move, 0, count - 1));
  for (let i = 0; i < count; i += 1) {
    const near = 1 - Math.abs(i - target) / TUNABLES.outlineReach;
    weights[i] = (weights[i] ?? 0) + TUNABLES.rhythmPull.pitch * Math.max(0, near);
  }
}

/** Lowers each pitch by how often the bass has struck it in this bar after the first time. */
function judgeRepeats(state: SamplerState, slot: number): void {
  const { geometry, cells } = state.window;
  const start = barAt(geometry, slot) * geometry.slots;
  struck.fill(0);
  for (let at = start; at < start + geometry.slots; at += 1) {
    const id = cells[cellAt(geometry, at, T.BASS)] ?? T.REST;
    if (!isOnset(T.BASS, id)) continue;
    const index = id - T.ONSET;
    const before = struck[index] ?? 0;
    if (before > 0) weights[index] = (weights[index] ?? 0) - TUNABLES.bassRepeat;
    struck[index] = before + 1;
  }
}
const struck = new Uint8Array(weights.length);

/** At a cadence the last strong beat takes a tone of its chord, best of all the tonic. */
function pullToCadence(state: SamplerState, slot: number, count: number): void {
  const { geometry } = state.window;
  const strength = state.cadences[barAt(geometry, slot)] ?? 0;
  const chord = chordBits(chordIdAt(state, slot));
  if (strength === 0 || chord === 0 || sideOfLanding(geometry, slot) < 0) return;
  for (let i = 0; i < count; i += 1) {
    const degree = T.degreeOf(T.MELODY, T.ONSET + i);
    if (((chord >> degree) & 1) === 0) continue;
    const tonic = degree === 0 ? TUNABLES.cadence.tonic : 0;
    weights[i] = (weights[i] ?? 0) + strength * (TUNABLES.cadence.chordTone + tonic);
  }
}

/** A phrase rises to one of its bars, by a tone of the chord. */
function pullToClimax(state: SamplerState, slot: number, count: number): void {
  const rise = riseAt(state, slot);
  if (rise === undefined) return;
  const chord = chordBits(chordIdAt(state, slot));
  for (let i = rise.from; i < count && i <= rise.to; i += 1) {
    const isTone = chord === 0 || ((chord >> T.degreeOf(T.MELODY, T.ONSET + i)) & 1) === 1;
    if (rise.pull < 0 || isTone) weights[i] = (weights[i] ?? 0) + rise.pull;
  }
}

function intervalBonus(bonus: readonly number[], interval: number): number {
  const semitones = Math.abs(interval);
  const last = bonus.length - 1;
  const beyond = TUNABLES.leap * Math.max(0, semitones - last);
  return (bonus[Math.min(semitones, last)] ?? 0) - beyond;
}

/** Index of the nearest decided pitch on one side within reach, or -1. */
function neighbour(state: SamplerState, lane: number, slot: number, direction: 1 | -1): number {
  const at = neighbourSlot(state, lane, slot, direction);
  const { geometry, cells } = state.window;
  return at < 0 ? -1 : (cells[cellAt(geometry, at, lane)] ?? T.ONSET) - T.ONSET;
}

/** Slot of the nearest decided onset on one side within reach, or -1. */
function neighbourSlot(state: SamplerState, lane: number, slot: number, direction: 1 | -1): number {
  const { geometry, cells } = state.window;
  for (let distance = 1; distance <= TUNABLES.intervalReach; distance += 1) {
    const at = slot + direction * distance;
    if (at < 0 || at >= geometry.length) return -1;
    if (isOnset(lane, cells[cellAt(geometry, at, lane)] ?? T.REST)) return at;
  }
  return -1;
}

/** Favours full chords, and lowers shapes for each pitch class that is foreign to scale and chord. */
function judgeShapes(state: SamplerState, slot: number, count: number): void {
  const chord = chordIdAt(state, slot);
  const root = chordRoot(chord);
  const known = scaleAt(state, slot) | chordBits(chord);
  const bar = barAt(state.window.geometry, slot);
  const density = state.window.plans[bar]?.density.harmony;
  const pad = density === 1 || density === 2;
  const fullness =
    TUNABLES.fullness +
    (pad ? TUNABLES.padFullness : 0) +
    TUNABLES.intensityFullness * excitement(state, bar);
  // The same set, counted from the chord's root.
  const allowed = ((known >> root) | (known << (12 - root))) & 0xfff;
  for (let i = 0; i < count; i += 1) {
    weights[i] = (weights[i] ?? 0) + fullness * ((state.shapeSizes[i] ?? 1) - 1);
    let foreign = (state.shapeClasses[i] ?? 0) & ~allowed;
    for (; foreign !== 0; foreign &= foreign - 1) {
      weights[i] = (weights[i] ?? 0) - TUNABLES.outOfScale;
    }
  }
}
