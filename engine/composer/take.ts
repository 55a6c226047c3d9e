import type { BarPlan } from "../music/bar-plan.ts";
import type { Note } from "../music/note.ts";
import type { PerStem } from "../music/stem.ts";

/** Where the notes of a take came from. */
export type TakeSource = "model" | "bank" | "last-good";

/** One version of a phrase: the notes of its stems, in ticks from its start. */
export interface PhraseTake {
  readonly source: TakeSource;
  /** What the notes were written for; the chords of a fallback are its own. */
  readonly bars: readonly BarPlan[];
  readonly notes: PerStem<readonly Note[]>;
}
