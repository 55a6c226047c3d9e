import { randomAt } from "../music/random.ts";
import { STEMS } from "../music/stem.ts";
import { drawNucleus, argmax, sigmoid, softmax } from "./distribution.ts";
import { drawBar, IN_TURN } from "./draw-drums.ts";
import { drumLogit, listenToCymbals } from "./drum-memory.ts";
import { barAt, cellAt, metricWeight } from "./geometry.ts";
import { takeShares } from "./select.ts";
import type { Choice, Logits, SamplerState } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

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
const drawn = new Uint8Array(MOST);
const kinds = new Uint8Array(MOST);
const taken = new Uint8Array(MOST);
const weights = new Float64Array(8);
const masked = { slots, lanes, odds, chances, drawn };

/**
 * Decides masked cells of the three drum lanes until a share of the open ones is decided. The number
 * of slots with a hit, in any lane, is held to the density (`draw-drums.ts`). Bars that others follow
 * come first.
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
    drawBar(state, masked, { bar, from, to }, choice);
    from = to;
  }
  const key = choice.kind === "draw" ? choice.pass : -1;
  for (let i = 0; i < count; i += 1) {
    kinds[i] = drawn[i] === 1 ? HIT : EMPTY;
    const slot = slots[i] ?? 0;
    const uniform = randomAt(state.seed, DRAW_ORDER, key, lanes[i] ?? 0, slot);
    const noise = -Math.log(-Math.log(uniform + 1e-12) + 1e-12) * TUNABLES.orderNoise;
    const beat = drawn[i] === 1 ? metricWeight(geometry, slot) * TUNABLES.strongBeatFirst : 0;
    const chance = chances[i] ?? 0;
    scores[i] = Math.log(Math.max(1e-9, drawn[i] === 1 ? chance : 1 - chance)) + beat + noise;
  }
  takeShares(kinds, scores, count, wanted, randomAt(state.seed, DRAW_QUOTA, key), taken);
  for (let i = 0; i < count; i += 1) if (taken[i] === 1) settle(state, logits, i, choice);
}

/** Lists the masked cells, or those in bars of one depth, in the order of `DrumCells`, with their odds of a hit. */
function collect(
  state: SamplerState,
  logits: Logits,
  depth?: number,
): { count: number; open: number } {
  const { geometry, cells, open } = state.window;
  let count = 0;
  let all = 0;
  for (let bar = 0; bar < geometry.bars; bar += 1) {
    if (depth !== undefined && depthOf(state, bar) !== depth) continue;
    for (const lane of IN_TURN) {
      for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
        const cell = cellAt(geometry, slot, lane);
        if (open[cell] !== 1) continue;
        all += 1;
        if (cells[cell] !== T.maskId(lane)) continue;
        slots[count] = slot;
        lanes[count] = lane;
        odds[count] = oddsOfHit(state, logits, slot, lane);
        count += 1;
      }
    }
  }
  return { count, open: all };
}

const depthOf = ({ repetition }: SamplerState, bar: number): number | undefined =>
  repetition.depth[DRUMS * T.WINDOW_BARS + bar];

function oddsOfHit(state: SamplerState, logits: Logits, slot: number, lane: number): number {
  let sum = 0;
  const none = drumLogit(state, logits, slot, lane, T.NO_HIT);
  for (let id = 1; id < T.classesOf(lane); id += 1) {
    sum += Math.exp(drumLogit(state, logits, slot, lane, id) - none);
  }
  return Math.max(-LIMIT, Math.min(LIMIT, Math.log(sum)));
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
