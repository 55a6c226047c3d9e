import type { Stem } from "../music/stem.ts";
import { barAt, cellAt } from "./geometry.ts";
import { stemIndexOf } from "./repetition.ts";
import type { SamplerState } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

/**
 * Masks again what was decided with the least certainty: of each stem a share of its onsets, of its
 * holds and of its rests. Bars that others follow are left alone: the repetition would be lost.
 */
export function maskLeastCertain(state: SamplerState, stem: Stem): void {
  const lanes = T.STEM_LANES[stem].filter((lane) => lane !== T.OCTAVE);
  const first = stem === "drums" ? T.NO_HIT + 1 : T.ONSET;
  for (const lane of lanes) {
    // Kinds are counted apart: the least certain of all would be mostly rests and onsets.
    const kinds: readonly [number[], number[], number[]] = [[], [], []];
    const { geometry, cells, open } = state.window;
    for (let slot = 0; slot < geometry.length; slot += 1) {
      const cell = cellAt(geometry, slot, lane);
      const bar = stemIndexOf(lane) * T.WINDOW_BARS + barAt(geometry, slot);
      if (state.repetition.followed[bar] === 1) continue;
      if (open[cell] === 1) kinds[Math.min(cells[cell] ?? 0, 2)]?.push(cell);
    }
    for (const [kind, members] of kinds.entries()) {
      maskShare(
        state,
        lane,
        members,
        kind >= first ? TUNABLES.revisedOnsets : TUNABLES.revisedOthers,
      );
    }
  }
}

function maskShare(state: SamplerState, lane: number, members: number[], share: number): void {
  const { certainty, window } = state;
  members.sort((a, b) => (certainty[a] ?? 0) - (certainty[b] ?? 0) || a - b);
  for (const cell of members.slice(0, Math.round(share * members.length))) {
    window.cells[cell] = T.maskId(lane);
    if (lane === T.HARMONY) window.cells[cell + 1] = T.maskId(T.OCTAVE);
  }
}
