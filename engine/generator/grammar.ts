import { STEMS, type Stem } from "../music/stem.ts";
import { barAt, cellAt } from "./geometry.ts";
import type { SamplerState } from "./state.ts";
import * as T from "./tokens.ts";

/** What may follow what in a pitched lane. */

const STEM_OF_LANE: readonly (Stem | undefined)[] = T.LANES.map((_, lane) =>
  STEMS.find((stem) => T.STEM_LANES[stem].includes(lane)),
);

/** True for the id of a note or chord that starts, false for hold, rest, masked and absent. */
export const isOnset = (lane: number, id: number): boolean =>
  id >= T.ONSET && id < T.classesOf(lane);

/** The id in a slot; outside the window, and where the stem is absent, there is a rest. */
export function idBeside(state: SamplerState, lane: number, slot: number): number {
  const { geometry, cells } = state.window;
  if (slot < 0 || slot >= geometry.length) return T.REST;
  const id = cells[cellAt(geometry, slot, lane)] ?? T.REST;
  return id === T.absentId(lane) ? T.REST : id;
}

/** A hold continues a note: not silence, and not a note of a bar that is kept as it is. */
export function mayHold(state: SamplerState, lane: number, slot: number): boolean {
  if (idBeside(state, lane, slot - 1) === T.REST) return false;
  const { geometry, open, mask } = state.window;
  const stem = STEM_OF_LANE[lane] ?? "melody";
  const whole = typeof mask[barAt(geometry, slot - 1)]?.[stem] === "string";
  return !whole || open[cellAt(geometry, slot - 1, lane)] === 1;
}

/**
 * A rest does not come before a hold: the hold would continue nothing. Where no hold may stand either,
 * the holds after it are orphans already, and those that were drawn here may fall silent.
 */
export const mayRest = (state: SamplerState, lane: number, slot: number): boolean =>
  idBeside(state, lane, slot + 1) !== T.HOLD ||
  (!mayHold(state, lane, slot) && areDrawn(state, lane, slot + 1));

/** True where every hold of a run is the sampler's own. */
function areDrawn(state: SamplerState, lane: number, from: number): boolean {
  const { geometry, open } = state.window;
  for (let slot = from; idBeside(state, lane, slot) === T.HOLD; slot += 1) {
    if (open[cellAt(geometry, slot, lane)] !== 1) return false;
  }
  return true;
}

/** Turns the holds from a slot on into rests, after a rest was written before them. */
export function silenceOrphans(state: SamplerState, lane: number, from: number): void {
  const { geometry, cells } = state.window;
  for (let slot = from; idBeside(state, lane, slot) === T.HOLD; slot += 1) {
    cells[cellAt(geometry, slot, lane)] = T.REST;
  }
}
