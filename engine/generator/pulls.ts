import { sideOfLanding } from "./cadence.ts";
import { barAt, cellAt } from "./geometry.ts";
import { copies, decidedSource } from "./repetition.ts";
import type { SamplerState } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

export interface Pulls {
  readonly onset: number;
  readonly hold: number;
  readonly rest: number;
}

/** What the plan of the window adds to the logits of a slot: the bar it follows, and cadences. */
export function pullsAt(state: SamplerState, lane: number, slot: number): Pulls {
  const { window, repetition } = state;
  const source = decidedSource(window, repetition, lane, slot);
  if (source >= 0) {
    const pull = copies(window, repetition, lane, slot)
      ? TUNABLES.copyPull.kind
      : TUNABLES.rhythmPull.kind;
    const id = window.cells[cellAt(window.geometry, source, lane)] ?? T.REST;
    return {
      onset: id >= T.ONSET ? pull : 0,
      hold: id === T.HOLD ? pull : 0,
      rest: id === T.REST ? pull : 0,
    };
  }
  const strength = lane === T.MELODY ? (state.cadences[barAt(window.geometry, slot)] ?? 0) : 0;
  if (strength === 0) return NO_PULLS;
  const side = sideOfLanding(window.geometry, slot);
  const { landing, after } = TUNABLES.cadence;
  if (side === 0) return { onset: strength * landing, hold: 0, rest: 0 };
  return side > 0 ? { onset: 0, hold: strength * after, rest: 0 } : NO_PULLS;
}
const NO_PULLS: Pulls = { onset: 0, hold: 0, rest: 0 };
