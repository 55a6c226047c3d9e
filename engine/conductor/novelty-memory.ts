import { createNovelty, isStale, remember, type Novelty } from "../composer/novelty.ts";
import type { PhraseTake } from "../composer/take.ts";
import { writtenAnew } from "../composer/theme-lane.ts";
import { seconds } from "../time/units.ts";
import type { Commission, Repertoire } from "./repertoire.ts";

/** What this player has heard of late, so that phrases do not come back too soon. */
export class NoveltyMemory {
  /** Plain data, to be saved. */
  heard: Novelty = createNovelty();

  remember(take: PhraseTake): void {
    this.heard = remember(this.heard, take);
  }

  /**
   * Has a phrase written, and another in its place, once, where the player has heard nearly that one of late
   * or where it is more like its theme than it may be. `hasTime`: whether there is time for another by then.
   */
  async write(
    repertoire: Pick<Repertoire, "write" | "setAside">,
    commission: Commission,
    hasTime: () => boolean = () => true,
  ): Promise<PhraseTake | undefined> {
    const { plan, surroundings } = commission;
    const take = await repertoire.write(commission);
    if (take === undefined) return undefined;
    const { before } = surroundings;
    if (!isStale(this.heard, plan, { take, before }) || !hasTime()) return take;
    const dueIn = seconds(commission.dueIn / 2);
    const again = await repertoire.write({ ...commission, plan: writtenAnew(plan), dueIn });
    if (again === undefined) return take;
    repertoire.setAside(take);
    return again;
  }
}
