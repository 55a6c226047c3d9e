import type { EncodedWindow } from "./encode.ts";
import type { Geometry } from "./geometry.ts";
import { barAt, cellAt, metricWeight } from "./geometry.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

/** Metric weight from which a beat counts as strong. */
const STRONG = 3;

/**
 * How strongly the melody of each bar comes to rest, 0 for not at all: at the end of a phrase (its
 * eighth bar, by less its fourth) and where the music ends. A bar of which something is kept has none.
 */
export function findCadences(window: EncodedWindow): Float64Array {
  const { geometry, plans } = window;
  const strengths = new Float64Array(T.WINDOW_BARS);
  for (let bar = 0; bar < geometry.bars; bar += 1) {
    if (!isTuneOpen(window, bar)) continue;
    const place = plans[bar]?.positionInPhrase;
    const { full, half, ending } = TUNABLES.cadence;
    const last = bar === geometry.bars - 1 || place === 7;
    const strength = last ? full : place === 3 ? half : 0;
    strengths[bar] = strength * (plans[bar]?.role === "ending" ? ending : 1);
  }
  return strengths;
}

/** Whether the whole melody of a bar is written anew. */
export function isTuneOpen({ geometry, open }: EncodedWindow, bar: number): boolean {
  for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
    if (open[cellAt(geometry, slot, T.MELODY)] !== 1) return false;
  }
  return true;
}

/** Where a slot lies: -1 before the last strong beat of its bar, 0 on it, 1 after it. */
export function sideOfLanding(geometry: Geometry, slot: number): -1 | 0 | 1 {
  const end = (barAt(geometry, slot) + 1) * geometry.slots;
  let landing = end - 1;
  while (metricWeight(geometry, landing) < STRONG) landing -= 1;
  return slot < landing ? -1 : slot === landing ? 0 : 1;
}
