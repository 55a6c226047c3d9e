import type { Stem } from "../music/stem.ts";
import { TUNABLES } from "./tunables.ts";

export type Decided = Stem | "chords";

/** What one pass is for. */
export interface PassPlan {
  /** True when the least certain cells are masked again before this pass. */
  readonly revision: boolean;
  /** Share of its cells, 0–1, that each lane must have decided after this pass. */
  readonly shares: Readonly<Partial<Record<Decided, number>>>;
}

const revisionPasses = (passes: number): number =>
  TUNABLES.revisions.find(({ from }) => passes >= from)?.passes ?? 0;

/**
 * The plan of each pass for the lanes that are to be decided: staggered stages with a cosine curve
 * (few cells while little is known, many at the end), then revisions. Stages are stretched so that
 * the first lane begins with the first pass and the last one ends with the last drafting pass.
 */
export function planPasses(passes: number, lanes: readonly Decided[]): readonly PassPlan[] {
  const revisions = revisionPasses(passes);
  const drafts = passes - revisions;
  const begin = Math.min(...lanes.map((lane) => TUNABLES.stages[lane].from));
  const span = Math.max(...lanes.map((lane) => TUNABLES.stages[lane].to)) - begin;
  const shareAt = (lane: Decided, time: number): number => {
    const { from, to } = TUNABLES.stages[lane];
    const progress = (begin + time * span - from) / (to - from);
    // Rounding must not leave a lane unfinished.
    if (progress > 0.999) return 1;
    const share = 1 - Math.cos((Math.PI / 2) * Math.max(0, progress));
    // Half of 64 cells is 32 on every machine, whatever the last bit of its cosine is.
    return Math.round(share * 1e6) / 1e6;
  };
  return Array.from({ length: passes }, (_, index) => ({
    revision: index >= drafts,
    shares: Object.fromEntries(
      lanes.map((lane) => [lane, shareAt(lane, Math.min(1, (index + 1) / drafts))]),
    ),
  }));
}
