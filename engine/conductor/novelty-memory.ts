import { createNovelty, isStale, remember, type Novelty } from "../composer/novelty.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import type { PhraseTake } from "../composer/take.ts";

/** What this player has heard of late, so that phrases do not come back too soon. */
export class NoveltyMemory {
  /** Plain data, to be saved. */
  heard: Novelty = createNovelty();

  /** Whether a phrase is to be written again, as too much of it was just heard. */
  isStale(plan: PhrasePlan, takes: Parameters<typeof isStale>[2]): boolean {
    return isStale(this.heard, plan, takes);
  }

  remember(take: PhraseTake): void {
    this.heard = remember(this.heard, take);
  }
}
