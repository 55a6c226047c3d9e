import type { EncodedWindow } from "./encode.ts";
import { barAt } from "./geometry.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

const [LOW, CYMBALS] = T.DRUM_LANES;
const SNARES = new Set([2, 3]);
const CRASH = 6;
const PERCUSSION = 4;

/** Whether the drums of a bar announce what follows: they leave the groove, and nothing repeats them. */
export const isFill = ({ plans }: EncodedWindow, bar: number): boolean =>
  plans[bar]?.role === "fill";

/** Whether a slot is the downbeat after a fill, whose cymbal no bar hands on. */
export function isAnswer(window: EncodedWindow, slot: number): boolean {
  const bar = barAt(window.geometry, slot);
  return slot === bar * window.geometry.slots && bar > 0 && isFill(window, bar - 1);
}

/**
 * What the plan adds to the logit of a drum that strikes: the second half of a fill belongs to toms and
 * snare and not to hats, and a crash answers on the next downbeat.
 */
export function fillPull(window: EncodedWindow, slot: number, lane: number, id: number): number {
  const { geometry } = window;
  const bar = barAt(geometry, slot);
  const place = slot - bar * geometry.slots;
  const { toms, snare, cymbals, crash } = TUNABLES.fill;
  if (lane === CYMBALS && id === CRASH && isAnswer(window, slot)) return crash;
  if (!isFill(window, bar) || 2 * place < geometry.slots) return 0;
  if (lane === CYMBALS) return cymbals;
  if (lane === LOW) return SNARES.has(id) ? snare : 0;
  return id === PERCUSSION ? 0 : toms;
}
