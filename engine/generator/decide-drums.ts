import { randomAt } from "../music/random.ts";
import { STEMS } from "../music/stem.ts";
import { expectedOnsets, solveBias, type Candidates } from "./density.ts";
import { drawNucleus, argmax, sigmoid, softmax } from "./distribution.ts";
import { drumLogit, listenToCymbals } from "./drum-memory.ts";
import { barAt, cellAt, metricWeight } from "./geometry.ts";
import { drawOneAtLeast, drawSystematic, takeLikeliest, takeShares } from "./select.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import { barTarget } from "./targets.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const DRAW_HITS = 20;
const DRAW_KIND = 21;
const DRAW_ORDER = 22;
const DRAW_QUOTA = 23;
const HIT = 0;
const EMPTY = 1;
const DRUMS = STEMS.indexOf("drums");
const LIMIT = 30;

const MOST = T.WINDOW_SLOTS * T.DRUM_LANES.length;
const slots = new Int32Array(MOST);
const lanes = new Uint8Array(MOST);
const odds = new Float64Array(MOST);
const chances = new Float64Array(MOST);
const scores = new Float64Array(MOST);
const counted = new Uint8Array(MOST);
const drawn = new Uint8Array(MOST);
const kinds = new Uint8Array(MOST);
const taken = new Uint8Array(MOST);
const weights = new Float64Array(8);

/**
 * Decides masked cells of the three drum lanes until a share of the open ones is decided. The number
 * of slots with a hit, in any lane, is held to the density. Bars that others follow come first.
 */
export function decideDrums(
  state: SamplerState,
  logits: Logits,
  share: number,
  choice: Choice,
): void {
  listenToCymbals(state);
  const { count: all, open } = collect(state, logits);
  let wanted = Math.ceil(share * open) - (open - all);
  const deepest = state.repetition.deepest[DRUMS] ?? 0;
  for (let depth = 0; depth <= deepest && wanted > 0; depth += 1) {
    const { count } = collect(state, logits, depth);
    if (count > 0) decideBars(state, logits, count, wanted, choice);
    wanted -= count;
  }
}

/** Decides some of the collected cells, which lie in bars of one depth. */
function decideBars(
  state: SamplerState,
  logits: Logits,
  count: number,
  wanted: number,
  choice: Choice,
): void {
  const { geometry } = state.window;
  for (let from = 0; from < count;) {
    const bar = barAt(geometry, slots[from] ?? 0);
    let to = from + 1;
    while (to < count && barAt(geometry, slots[to] ?? 0) === bar) to += 1;
    drawBar(state, { odds, slot: slots, counted, from, to }, bar, choice);
    from = to;
  }
  const key = choice.kind === "draw" ? choice.pass : -1;
  for (let i = 0; i < count; i += 1) {
    kinds[i] = drawn[i] === 1 ? HIT : EMPTY;
    const slot = slots[i] ?? 0;
    const uniform = randomAt(state.seed, DRAW_ORDER, key, lanes[i] ?? 0, slot);
    const noise = -Math.log(-Math.log(uniform + 1e-12) + 1e-12) * TUNABLES.orderNoise;
    const beat = drawn[i] === 1 ? metricWeight(geometry, slot) * TUNABLES.strongBeatFirst : 0;
    const chance = scores[i] ?? 0;
    scores[i] = Math.log(Math.max(1e-9, drawn[i] === 1 ? chance : 1 - chance)) + beat + noise;
  }
  takeShares(kinds, scores, count, wanted, randomAt(state.seed, DRAW_QUOTA, key), taken);
  for (let i = 0; i < count; i += 1) if (taken[i] === 1) settle(state, logits, i, choice);
}

/**
 * Lists the masked cells, or those in bars of one depth, the lanes of a slot side by side, with their
 * odds of a hit.
 */
function collect(
  state: SamplerState,
  logits: Logits,
  depth?: number,
): { count: number; open: number } {
  const { geometry, cells, open } = state.window;
  let count = 0;
  let all = 0;
  for (let slot = 0; slot < geometry.length; slot += 1) {
    const bar = DRUMS * T.WINDOW_BARS + barAt(geometry, slot);
    if (depth !== undefined && state.repetition.depth[bar] !== depth) continue;
    for (const lane of T.DRUM_LANES) {
      const cell = cellAt(geometry, slot, lane);
      if (open[cell] !== 1) continue;
      all += 1;
      if (cells[cell] !== T.maskId(lane)) continue;
      let sum = 0;
      const none = drumLogit(state, logits, slot, lane, T.NO_HIT);
      for (let id = 1; id < T.classesOf(lane); id += 1) {
        sum += Math.exp(drumLogit(state, logits, slot, lane, id) - none);
      }
      slots[count] = slot;
      lanes[count] = lane;
      counted[count] = hasHit(state, slot) ? 1 : 0;
      odds[count] = Math.max(-LIMIT, Math.min(LIMIT, Math.log(sum)));
      count += 1;
    }
  }
  return { count, open: all };
}

function drawBar(state: SamplerState, candidates: Candidates, bar: number, choice: Choice): void {
  const hits = decidedHits(state, bar);
  const target = barTarget(state, "drums", bar, hits + expectedOnsets(candidates, 0));
  const bias = solveBias(candidates, Math.max(0, target - hits));
  for (let i = candidates.from; i < candidates.to; i += 1) {
    chances[i] = sigmoid((odds[i] ?? 0) + bias);
    scores[i] = chances[i] ?? 0;
  }
  if (choice.kind === "likeliest") takeLikeliest(chances, candidates.from, candidates.to, drawn);
  else {
    // Lane by lane: drawn as one row, a kick would keep the hat of its slot away.
    for (const lane of T.DRUM_LANES) {
      const uniform = randomAt(state.seed, DRAW_HITS, choice.pass, lane, bar);
      drawSystematic(chances, candidates.from, candidates.to, uniform, drawn, { lanes, lane });
    }
  }
  if (target >= 1 && hits === 0) drawOneAtLeast(chances, candidates.from, candidates.to, drawn);
}

/** Slots of a bar in which a hit is decided. */
function decidedHits(state: SamplerState, bar: number): number {
  const { slots: length } = state.window.geometry;
  let hits = 0;
  for (let slot = bar * length; slot < (bar + 1) * length; slot += 1) {
    if (hasHit(state, slot)) hits += 1;
  }
  return hits;
}

function hasHit({ window: { geometry, cells } }: SamplerState, slot: number): boolean {
  for (const lane of T.DRUM_LANES) {
    const id = cells[cellAt(geometry, slot, lane)] ?? T.NO_HIT;
    if (id > T.NO_HIT && id < T.classesOf(lane)) return true;
  }
  return false;
}

function settle(state: SamplerState, logits: Logits, index: number, choice: Choice): void {
  const { geometry, cells } = state.window;
  const slot = slots[index] ?? 0;
  const lane = lanes[index] ?? 0;
  const cell = cellAt(geometry, slot, lane);
  const chance = sigmoid(odds[index] ?? 0);
  if (drawn[index] !== 1) {
    cells[cell] = T.NO_HIT;
    state.certainty[cell] = Math.log(Math.max(1e-9, 1 - chance));
    return;
  }
  const count = T.classesOf(lane) - 1;
  for (let i = 0; i < count; i += 1) weights[i] = drumLogit(state, logits, slot, lane, 1 + i);
  softmax(weights, count, TUNABLES.temperature);
  const best = argmax(weights, count);
  const highest = weights[best] ?? 0;
  const id =
    choice.kind === "likeliest"
      ? best
      : drawNucleus(
          weights,
          count,
          TUNABLES.topP,
          randomAt(state.seed, DRAW_KIND, choice.pass, lane, slot),
        );
  cells[cell] = 1 + id;
  state.certainty[cell] = Math.log(Math.max(1e-9, chance * highest));
}
