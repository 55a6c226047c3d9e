import type { BarPlan } from "../music/bar-plan.ts";
import type { Chord } from "../music/chord.ts";
import type { Note } from "../music/note.ts";
import { perStem, type PerStem } from "../music/stem.ts";
import { ticksPerBar } from "../time/meter.ts";

/** Where the notes of a take came from; `rest`: there are none, as only authored takes may be heard. */
export type TakeSource = "model" | "bank" | "last-good" | "rest";

/** One version of a phrase: the notes of its stems, in ticks from its start. */
export interface PhraseTake {
  readonly source: TakeSource;
  /** What the notes were written for; the chords of a fallback are its own. */
  readonly bars: readonly BarPlan[];
  readonly notes: PerStem<readonly Note[]>;
}

/** The first bars of a take: what was heard of it when it was left. At least one. */
export function firstBars(take: PhraseTake, count: number): PhraseTake {
  const bars = take.bars.slice(0, Math.max(1, count));
  const end = bars.length * ticksPerBar(bars[0]?.meter ?? "4/4");
  return {
    ...take,
    bars,
    notes: perStem((stem) => take.notes[stem].filter(({ at }) => at < end)),
  };
}

/** The chord that sounds at a tick of a take; undefined where it has none. */
export function chordOf({ bars }: PhraseTake, tick: number): Chord | undefined {
  const barTicks = ticksPerBar(bars[0]?.meter ?? "4/4");
  const half = (tick % barTicks) * 2 >= barTicks ? 1 : 0;
  return bars[Math.floor(tick / barTicks)]?.chords[half];
}
