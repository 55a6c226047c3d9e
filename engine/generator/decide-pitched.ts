import { randomAt } from "../music/random.ts";
import type { Stem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import { bisect, solveBias, expectedOnsets, type Candidates } from "./density.ts";
import { logAdd, sigmoid } from "./distribution.ts";
import { barAt, cellAt, gridSlot, metricWeight } from "./geometry.ts";
import { idBeside, isOnset, mayHold, mayRest, silenceOrphans } from "./grammar.ts";
import { onsetCount, writeOnset } from "./pitches.ts";
import { pullsAt } from "./pulls.ts";
import { stemIndexOf } from "./repetition.ts";
import { drawOneAtLeast, drawSystematic, takeLikeliest, takeShares } from "./select.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import { chordIdAt, excitement } from "./state.ts";
import { barTarget } from "./targets.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

type PitchedStem = Exclude<Stem, "drums">;

const DRAW_ONSETS = 10;
const DRAW_SILENCE = 11;
const DRAW_ORDER = 12;
const DRAW_QUOTA = 13;
const NOTE = 0;
const HELD = 1;
const SILENT = 2;
/** The most that odds can be: of a network that is sure, and where the grammar leaves no other choice. */
const SURE = 30;
const CERTAIN = 1e6;

/** Scratch for one decision, by index of the masked slot. */
const slots = new Int32Array(T.WINDOW_SLOTS);
const odds = new Float64Array(T.WINDOW_SLOTS);
const chances = new Float64Array(T.WINDOW_SLOTS);
const holdShare = new Float64Array(T.WINDOW_SLOTS);
const scores = new Float64Array(T.WINDOW_SLOTS);
const drawn = new Uint8Array(T.WINDOW_SLOTS);
const kinds = new Uint8Array(T.WINDOW_SLOTS);
const taken = new Uint8Array(T.WINDOW_SLOTS);

/**
 * Decides masked slots of a pitched stem until a share of its open slots is decided: first what each
 * slot would be (onsets in closed loop with the density), then which of them are settled in this
 * pass, last their pitches in playing order. Bars that others follow come first. Whatever the logits
 * say, a hold never follows a rest.
 */
export function decidePitched(
  state: SamplerState,
  logits: Logits,
  stem: PitchedStem,
  share: number,
  choice: Choice,
): void {
  const lane = T.STEM_LANES[stem][0] ?? T.MELODY;
  const { count: all, open } = collect(state, lane);
  let wanted = Math.ceil(share * open) - (open - all);
  const deepest = state.repetition.deepest[STEMS.indexOf(stem)] ?? 0;
  for (let depth = 0; depth <= deepest && wanted > 0; depth += 1) {
    const { count } = collect(state, lane, depth);
    if (count > 0) decideBars(state, logits, { stem, lane, depth, count, wanted, choice });
    wanted -= count;
  }
}

interface BarsTask {
  readonly stem: PitchedStem;
  readonly lane: number;
  readonly depth: number;
  /** Masked slots that were collected, and how many of them are to be decided. */
  readonly count: number;
  readonly wanted: number;
  readonly choice: Choice;
}

/** Decides some of the collected slots, which lie in bars of one depth. */
function decideBars(state: SamplerState, logits: Logits, task: BarsTask): void {
  const { stem, lane, depth, count, wanted, choice } = task;
  weigh(state, logits, lane, TUNABLES.metricPull[stem], count);
  for (let from = 0; from < count;) {
    const bar = barAt(state.window.geometry, slots[from] ?? 0);
    let to = from + 1;
    while (to < count && barAt(state.window.geometry, slots[to] ?? 0) === bar) to += 1;
    drawBar(state, { odds, from, to }, { bar, lane, stem, choice });
    from = to;
  }
  keepRests(state, lane, depth, count);
  sortOut(state, lane, count, choice);
  const key = choice.kind === "draw" ? choice.pass : -1;
  takeShares(kinds, scores, count, wanted, randomAt(state.seed, DRAW_QUOTA, key, lane), taken);
  for (let i = 0; i < count; i += 1) if (taken[i] === 1) settle(state, logits, lane, i, choice);
}

/** Lists the masked slots of a lane, or of its bars of one depth, that can be decided now. */
function collect(
  state: SamplerState,
  lane: number,
  depth?: number,
): { count: number; open: number } {
  const { geometry, cells, open } = state.window;
  let count = 0;
  let all = 0;
  for (let slot = 0; slot < geometry.length; slot += 1) {
    const cell = cellAt(geometry, slot, lane);
    if (open[cell] !== 1) continue;
    if (depth !== undefined && depthAt(state, lane, slot) !== depth) continue;
    all += 1;
    if (cells[cell] !== T.maskId(lane)) continue;
    // Voicings count from the chord's root, so the chord comes first.
    if (lane === T.HARMONY && chordIdAt(state, slot) === T.CHORD_MASK) continue;
    slots[count] = slot;
    count += 1;
  }
  return { count, open: all };
}

const depthAt = ({ window, repetition }: SamplerState, lane: number, slot: number): number =>
  repetition.depth[stemIndexOf(lane) * T.WINDOW_BARS + barAt(window.geometry, slot)] ?? 0;

/** Fills in the odds of an onset and, where there is none, the probability of a hold over a rest. */
function weigh(
  state: SamplerState,
  logits: Logits,
  lane: number,
  metric: number,
  count: number,
): void {
  const onsets = onsetCount(state, lane);
  for (let i = 0; i < count; i += 1) {
    const slot = slots[i] ?? 0;
    const base = gridSlot(state.window.geometry, slot) * T.SLOT_LOGITS + T.offsetOf(lane);
    let highest = -Infinity;
    for (let k = 0; k < onsets; k += 1) {
      highest = Math.max(highest, logits.cells[base + T.ONSET + k] ?? 0);
    }
    let sum = 0;
    for (let k = 0; k < onsets; k += 1) {
      sum += Math.exp((logits.cells[base + T.ONSET + k] ?? 0) - highest);
    }
    const pulls = pullsAt(state, lane, slot);
    const beat = metric * (metricWeight(state.window.geometry, slot) - 1);
    const onset = highest + Math.log(sum) + pulls.onset + beat;
    const hold = mayHold(state, lane, slot)
      ? (logits.cells[base + T.HOLD] ?? 0) + pulls.hold
      : -Infinity;
    const calm = -excitement(state, barAt(state.window.geometry, slot));
    const rest = mayRest(state, lane, slot)
      ? (logits.cells[base + T.REST] ?? 0) + pulls.rest + TUNABLES.intensityRests * calm
      : -Infinity;
    const other = logAdd(hold, rest);
    odds[i] = other === -Infinity ? CERTAIN : Math.max(-SURE, Math.min(SURE, onset - other));
    holdShare[i] = other === -Infinity ? 0 : Math.exp(hold - other);
    // How sure the network is of the pitch, for the order.
    scores[i] = -Math.log(sum);
  }
}

interface BarTask {
  readonly bar: number;
  readonly lane: number;
  readonly stem: PitchedStem;
  readonly choice: Choice;
}

/** Draws the onsets of one bar so that, with those decided already, their number meets the target. */
function drawBar(state: SamplerState, candidates: Candidates, task: BarTask): void {
  const { geometry } = state.window;
  const { bar, lane, stem, choice } = task;
  let decided = 0;
  for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
    const id = idBeside(state, lane, slot);
    if (isOnset(lane, id)) decided += 1;
  }
  const target = barTarget(state, stem, bar, decided + expectedOnsets(candidates, 0));
  const bias = solveBias(candidates, Math.max(0, target - decided));
  for (let i = candidates.from; i < candidates.to; i += 1) {
    chances[i] = odds[i] === CERTAIN ? 1 : sigmoid((odds[i] ?? 0) + bias);
    scores[i] = 0.5 * (scores[i] ?? 0) + Math.log(Math.max(1e-9, chances[i] ?? 0));
  }
  if (choice.kind === "likeliest") takeLikeliest(chances, candidates.from, candidates.to, drawn);
  else {
    const uniform = randomAt(state.seed, DRAW_ONSETS, choice.pass, lane, bar);
    drawSystematic(chances, candidates.from, candidates.to, uniform, drawn);
  }
  if (target >= 1 && decided === 0) drawOneAtLeast(chances, candidates.from, candidates.to, drawn);
}

/**
 * Holds outnumber rests and, once settled, forbid rests before them; so rests are held to the number
 * that was expected at the start, like onsets to their density.
 */
function keepRests(state: SamplerState, lane: number, depth: number, count: number): void {
  const { geometry, open, cells } = state.window;
  let decided = 0;
  for (let slot = 0; slot < geometry.length; slot += 1) {
    const cell = cellAt(geometry, slot, lane);
    const rests = open[cell] === 1 && cells[cell] === T.REST;
    if (rests && depthAt(state, lane, slot) === depth) decided += 1;
  }
  const expected = (bias: number): number => {
    let rests = 0;
    for (let i = 0; i < count; i += 1) if (drawn[i] !== 1) rests += restChance(i, bias);
    return rests;
  };
  const index = stemIndexOf(lane) * T.WINDOW_BARS + depth;
  if (Number.isNaN(state.restTargets[index])) state.restTargets[index] = decided + expected(0);
  const wanted = (state.restTargets[index] ?? 0) - decided;
  const bias = bisect(expected, wanted, TUNABLES.restReach);
  for (let i = 0; i < count; i += 1) holdShare[i] = 1 - restChance(i, bias);
}

/** Probability of a rest over a hold when its log odds are raised by `bias`. */
function restChance(index: number, bias: number): number {
  const hold = holdShare[index] ?? 0;
  const raised = (1 - hold) * Math.exp(bias);
  return raised / (raised + hold);
}

/**
 * Gives every masked slot a kind and a place in the order. Between two onsets one random number
 * serves all slots, so that a note ends once instead of being drawn to pieces.
 */
function sortOut(state: SamplerState, lane: number, count: number, choice: Choice): void {
  let lastOnset = -1;
  let slotBefore = -1;
  for (let i = 0; i < count; i += 1) {
    const slot = slots[i] ?? 0;
    for (let at = slotBefore + 1; at < slot; at += 1) {
      const id = idBeside(state, lane, at);
      if (isOnset(lane, id)) lastOnset = at;
    }
    slotBefore = slot;
    const hold = holdShare[i] ?? 0;
    if (drawn[i] === 1) {
      kinds[i] = NOTE;
      lastOnset = slot;
    } else if (choice.kind === "likeliest") kinds[i] = hold > 0.5 ? HELD : SILENT;
    else {
      const uniform = randomAt(state.seed, DRAW_SILENCE, choice.pass, lane, lastOnset);
      kinds[i] = uniform < hold ? HELD : SILENT;
    }
    scores[i] = orderOf(state, lane, i, choice);
  }
}

/** Confidence, strong beats first, and some noise. */
function orderOf(state: SamplerState, lane: number, index: number, choice: Choice): number {
  if (choice.kind === "likeliest") return 0;
  const slot = slots[index] ?? 0;
  const uniform = randomAt(state.seed, DRAW_ORDER, choice.pass, lane, slot);
  const noise = -Math.log(-Math.log(uniform + 1e-12) + 1e-12) * TUNABLES.orderNoise;
  if (kinds[index] === NOTE) {
    const beat = metricWeight(state.window.geometry, slot) * TUNABLES.strongBeatFirst;
    return (scores[index] ?? 0) + beat + noise;
  }
  const hold = holdShare[index] ?? 0;
  return Math.log(Math.max(1e-9, kinds[index] === HELD ? hold : 1 - hold)) + noise;
}

/** Writes one slot. Earlier slots of this pass are settled already, so the grammar is asked again. */
function settle(
  state: SamplerState,
  logits: Logits,
  lane: number,
  index: number,
  choice: Choice,
): void {
  const { geometry, cells } = state.window;
  const slot = slots[index] ?? 0;
  const cell = cellAt(geometry, slot, lane);
  const holds = mayHold(state, lane, slot);
  const rests = mayRest(state, lane, slot);
  const wish = kinds[index] ?? SILENT;
  const note = wish === NOTE || (!holds && !rests);
  const certainty = Math.log(Math.max(1e-9, probabilityOf(index, note ? NOTE : wish)));
  if (note) {
    state.certainty[cell] = certainty + writeOnset(state, logits, lane, slot, choice);
    return;
  }
  cells[cell] = (wish === HELD && holds) || !rests ? T.HOLD : T.REST;
  if (lane === T.HARMONY) cells[cellAt(geometry, slot, T.OCTAVE)] = T.absentId(T.OCTAVE);
  if (cells[cell] === T.REST) silenceOrphans(state, lane, slot + 1);
  state.certainty[cell] = certainty;
}

function probabilityOf(index: number, kind: number): number {
  const onset = sigmoid(odds[index] ?? 0);
  if (kind === NOTE) return onset;
  const hold = holdShare[index] ?? 0;
  return (1 - onset) * (kind === HELD ? hold : 1 - hold);
}
