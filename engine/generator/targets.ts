import type { Stem } from "../music/stem.ts";
import { STEMS } from "../music/stem.ts";
import { targetOnsets } from "./density.ts";
import { cellAt } from "./geometry.ts";
import type { SamplerState } from "./state.ts";
import { excitement } from "./state.ts";
import * as T from "./tokens.ts";
import { TUNABLES } from "./tunables.ts";

/**
 * Onsets that a bar should have: as many as the bar that it follows, once that is settled; otherwise
 * what the network expects when it first looks at the bar, more of it where the intensity is high, moved
 * into the band of the density.
 * Cadences are thinner, though never empty, and so are the drums of calm styles.
 */
export function barTarget(state: SamplerState, stem: Stem, bar: number, expected: number): number {
  const { plans, geometry } = state.window;
  const index = STEMS.indexOf(stem) * T.WINDOW_BARS + bar;
  const density = plans[bar]?.density[stem] ?? "free";
  if (density === 0) return 0;
  const calm = stem === "drums" && isCalm(state, bar);
  const [low, middle, high] = state.cuts[stem];
  const factor = calm ? TUNABLES.calmDrums.cuts : 1;
  const cuts = [low * factor, middle * factor, high * factor] as const;
  const lag = state.repetition.lag[index] ?? 0;
  const source = lag === 0 ? -1 : settledOnsets(state, stem, bar - lag);
  if (source > 0) {
    const alike = plans[bar - lag]?.density[stem] === density;
    return alike ? source : targetOnsets(density, source, cuts, geometry.slots);
  }
  if (Number.isNaN(state.targets[index])) {
    const wanted = expected * (1 + TUNABLES.intensityOnsets * excitement(state, bar));
    const target = targetOnsets(density, wanted, cuts, geometry.slots);
    const cadence = stem === "melody" ? (state.cadences[bar] ?? 0) : 0;
    const thinned = Math.max(
      Math.min(1, target),
      target / (1 + TUNABLES.cadence.thinning * cadence),
    );
    const ceiling = calm ? TUNABLES.calmDrums.ceiling * geometry.slots : geometry.slots;
    state.targets[index] = Math.min(ceiling, thinned);
  }
  return state.targets[index] ?? 0;
}

/**
 * Hits that a drum lane should have in a bar: as many as in the bar that it follows, once that is settled;
 * otherwise as many as the network expects when it first looks at it. Fewer where the bar is to be thinner
 * than that, but not more.
 */
export function laneTarget(
  state: SamplerState,
  lane: number,
  bar: number,
  { target, ...expected }: { readonly target: number; readonly lane: number; readonly bar: number },
): number {
  const back = state.repetition.lag[STEMS.indexOf("drums") * T.WINDOW_BARS + bar] ?? 0;
  const source = back === 0 ? -1 : settledOnsets(state, "drums", bar - back);
  if (source > 0) return hitsIn(state, lane, bar - back) * Math.min(1, target / source);
  const index = lane * T.WINDOW_BARS + bar;
  if (Number.isNaN(state.laneTargets[index])) {
    state.laneTargets[index] = expected.lane * Math.min(1, target / expected.bar);
  }
  return state.laneTargets[index] ?? 0;
}

/** Decided hits of a drum lane in a bar. */
export function hitsIn({ window }: SamplerState, lane: number, bar: number): number {
  const { geometry, cells } = window;
  let hits = 0;
  for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
    const id = cells[cellAt(geometry, slot, lane)] ?? T.NO_HIT;
    if (id > T.NO_HIT && id < T.classesOf(lane)) hits += 1;
  }
  return hits;
}

/** Styles whose drums accompany; groove and driving game music live by them. */
export const isCalm = ({ window }: SamplerState, bar: number): boolean => {
  const style = window.plans[bar]?.style;
  return style !== undefined && TUNABLES.calmDrums.styles.includes(style);
};

/** Slots of a bar with an onset of the stem, or -1 while one is masked. */
function settledOnsets({ window }: SamplerState, stem: Stem, bar: number): number {
  const { geometry, cells } = window;
  const first = stem === "drums" ? T.NO_HIT + 1 : T.ONSET;
  let onsets = 0;
  for (let slot = bar * geometry.slots; slot < (bar + 1) * geometry.slots; slot += 1) {
    let sounds = false;
    for (const lane of T.STEM_LANES[stem]) {
      if (lane === T.OCTAVE) continue;
      const id = cells[cellAt(geometry, slot, lane)] ?? 0;
      if (id === T.maskId(lane)) return -1;
      if (id >= first && id < T.classesOf(lane)) sounds = true;
    }
    if (sounds) onsets += 1;
  }
  return onsets;
}
