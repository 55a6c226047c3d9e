import { randomAt } from "../music/random.ts";
import { expectedOnsets, solveBias } from "./density.ts";
import { sigmoid } from "./distribution.ts";
import { cellAt } from "./geometry.ts";
import { drawOneAtLeast, drawSystematic, takeLikeliest } from "./select.ts";
import type { Choice, SamplerState } from "./state.ts";
import { barTarget, hitsIn, laneTarget } from "./targets.ts";
import * as T from "./tokens.ts";

const DRAW_HITS = 20;
const [LOW, CYMBALS, PERC] = T.DRUM_LANES;

/**
 * Kick, snare and toms come first, each as often as the network expects them; hats and cymbals then bring
 * the bar to its density, in the slots that are left. Drawn to one density side by side, all three lanes
 * would meet it, and kicks and toms fill every slot.
 */
export const IN_TURN: readonly number[] = [LOW, PERC, CYMBALS];

/** Masked cells of drums, by index: those of a bar lie lane by lane as in `IN_TURN`, in playing order. */
export interface DrumCells {
  readonly slots: Int32Array;
  readonly lanes: Uint8Array;
  /** Log odds of a hit. */
  readonly odds: Float64Array;
  /** To be filled in: the chance of a hit, and 1 where one is drawn. */
  readonly chances: Float64Array;
  readonly drawn: Uint8Array;
}

/** A stretch of the cells, all of one bar. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** 1 for each place of the bar with a hit that is decided or drawn; and the chance that there is none. */
const struck = new Uint8Array(T.BAR_SLOTS);
const silent = new Float64Array(T.BAR_SLOTS);
const free = new Float64Array(T.BAR_SLOTS);

/** Draws the hits of one bar, so that, with those decided already, they meet its density. */
export function drawBar(
  state: SamplerState,
  cells: DrumCells,
  { bar, from, to }: Stretch & { readonly bar: number },
  choice: Choice,
): void {
  const { odds, lanes, chances, drawn } = cells;
  const hits = listenTo(state, bar);
  const expected = expectedSlots(state, cells, { from, to });
  const target = barTarget(state, "drums", bar, expected);
  for (let start = from; start < to;) {
    const lane = lanes[start] ?? LOW;
    let end = start + 1;
    while (end < to && lanes[end] === lane) end += 1;
    const own = { odds, from: start, to: end };
    if (lane === CYMBALS) fillUp(state, cells, own, { target, expected });
    else {
      const decided = hitsIn(state, lane, bar);
      const all = { target, lane: decided + expectedOnsets(own, 0), bar: expected };
      const bias = solveBias(own, laneTarget(state, lane, bar, all) - decided);
      for (let i = start; i < end; i += 1) chances[i] = sigmoid((odds[i] ?? 0) + bias);
    }
    drawLane(state, cells, { ...own, bar, lane }, choice);
    start = end;
  }
  if (target >= 1 && hits === 0) drawOneAtLeast(chances, from, to, drawn);
}

/** Marks the slots of a bar in which a hit is decided, in any lane, and counts them. */
function listenTo({ window: { geometry, cells } }: SamplerState, bar: number): number {
  const isHit = (slot: number) => (lane: number) => {
    const id = cells[cellAt(geometry, slot, lane)] ?? T.NO_HIT;
    return id > T.NO_HIT && id < T.classesOf(lane);
  };
  for (let place = 0; place < geometry.slots; place += 1) {
    struck[place] = T.DRUM_LANES.some(isHit(bar * geometry.slots + place)) ? 1 : 0;
  }
  return struckSlots(geometry.slots);
}

function struckSlots(length: number): number {
  let count = 0;
  for (let place = 0; place < length; place += 1) count += struck[place] ?? 0;
  return count;
}

/** Slots of the bar that are expected to hold a hit, in any lane. */
function expectedSlots({ window }: SamplerState, cells: DrumCells, { from, to }: Stretch): number {
  const { slots: length } = window.geometry;
  silent.fill(1);
  for (let i = from; i < to; i += 1) {
    const place = (cells.slots[i] ?? 0) % length;
    silent[place] = (silent[place] ?? 1) * (1 - sigmoid(cells.odds[i] ?? 0));
  }
  let expected = 0;
  for (let place = 0; place < length; place += 1) {
    expected += struck[place] === 1 ? 1 : 1 - (silent[place] ?? 1);
  }
  return expected;
}

/** Chances of hats and cymbals: as many as are wanting where nothing is struck; elsewhere as expected, or thinner with the bar. */
function fillUp(
  { window }: SamplerState,
  { slots, odds, chances }: DrumCells,
  { from, to }: Stretch,
  { target, expected }: { readonly target: number; readonly expected: number },
): void {
  const { slots: length } = window.geometry;
  const isFree = (index: number): boolean => struck[(slots[index] ?? 0) % length] !== 1;
  let count = 0;
  for (let i = from; i < to; i += 1) if (isFree(i)) free[count++] = odds[i] ?? 0;
  const bias = solveBias({ odds: free, from: 0, to: count }, target - struckSlots(length));
  const elsewhere = Math.log(Math.min(1, target / expected));
  for (let i = from; i < to; i += 1) {
    chances[i] = sigmoid((odds[i] ?? 0) + (isFree(i) ? bias : elsewhere));
  }
}

function drawLane(
  state: SamplerState,
  { slots, chances, drawn }: DrumCells,
  { from, to, bar, lane }: Stretch & { readonly bar: number; readonly lane: number },
  choice: Choice,
): void {
  if (choice.kind === "likeliest") takeLikeliest(chances, from, to, drawn);
  else {
    const uniform = randomAt(state.seed, DRAW_HITS, choice.pass, lane, bar);
    drawSystematic(chances, from, to, uniform, drawn);
  }
  const { slots: length } = state.window.geometry;
  for (let i = from; i < to; i += 1) if (drawn[i] === 1) struck[(slots[i] ?? 0) % length] = 1;
}
