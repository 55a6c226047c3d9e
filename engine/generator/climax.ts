import { isTuneOpen } from "./cadence.ts";
import type { EncodedWindow } from "./encode.ts";
import { barAt, cellAt } from "./geometry.ts";
import { isOnset } from "./grammar.ts";
import type { SamplerState } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

/** Positions in the phrase, best first: beyond its middle, and of short ones the middle. */
const PREFERRED = [5, 6, 4, 2, 1];

/** The phrases of a window, and where their melodies rise to, by bar (of 16). */
export interface Climaxes {
  /** The bar with which the phrase of each bar begins. */
  readonly phrase: Int8Array;
  /** The bar to which it rises, or -1. */
  readonly peak: Int8Array;
}

/**
 * Cells that are drawn side by side do not know which of them is the highest, so that the top of a phrase came in
 * most of its bars. A climax is written whole, copies no other bar (`copied`, of the melody) and does not come to rest.
 */
export function findClimaxes(
  window: EncodedWindow,
  cadences: Float64Array,
  copied: Uint8Array,
): Climaxes {
  const { geometry, plans } = window;
  const phrase = new Int8Array(T.WINDOW_BARS);
  const peak = new Int8Array(T.WINDOW_BARS).fill(-1);
  const placeOf = (bar: number): number =>
    Math.max(0, Math.min(7, Math.round(plans[bar]?.positionInPhrase ?? 0)));
  const bars = Array.from({ length: geometry.bars }, (_, bar) => bar);
  for (const bar of bars.slice(1)) {
    phrase[bar] = placeOf(bar) === placeOf(bar - 1) + 1 ? (phrase[bar - 1] ?? 0) : bar;
  }
  const free = bars.filter(
    (bar) => cadences[bar] === 0 && copied[bar] === 0 && isTuneOpen(window, bar),
  );
  for (const bar of bars) {
    const own = free.filter((other) => phrase[other] === phrase[bar]);
    const place = PREFERRED.find((wanted) => own.some((other) => placeOf(other) === wanted));
    peak[bar] = own.find((other) => placeOf(other) === place) ?? -1;
  }
  return { phrase, peak };
}

/** What a climax adds to the melody's pitches of some indices. */
export interface Rise {
  readonly from: number;
  readonly to: number;
  readonly pull: number;
}

/**
 * In the climax of a phrase what lies a little above the rest of it is raised, until it has such a note; from then on
 * what would reach it elsewhere is lowered. Indices of pitches, `to` included.
 */
export function riseAt(state: SamplerState, slot: number): Rise | undefined {
  const { geometry, cells } = state.window;
  const { phrase, peak } = state.climaxes;
  const bar = barAt(geometry, slot);
  const top = peak[bar] ?? -1;
  if (top < 0) return undefined;
  let [own, others] = [-1, -1];
  for (let at = 0; at < geometry.length; at += 1) {
    const there = barAt(geometry, at);
    if (phrase[there] !== phrase[bar]) continue;
    const id = cells[cellAt(geometry, at, T.MELODY)] ?? T.REST;
    if (!isOnset(T.MELODY, id)) continue;
    if (there === top) own = Math.max(own, id - T.ONSET);
    else others = Math.max(others, id - T.ONSET);
  }
  const { rise, shade, reach } = TUNABLES.climax;
  if (bar !== top) {
    return own > others ? { from: own, to: Infinity, pull: -shade } : undefined;
  }
  if (others < 0 || own > others) return undefined;
  return { from: others + 1, to: others + reach, pull: rise };
}
