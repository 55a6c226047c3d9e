import { seconds, type Seconds } from "../time/units.ts";
import type { LiveSection } from "./live-section.ts";
import type { Stage } from "./stage.ts";

/** Chunks of an ended section that are still with the renderer arrive within this many seconds. */
export const FORGET_AFTER = 5;

type Section = Pick<LiveSection, "cue" | "phrases" | "entered" | "endsAt">;

/**
 * Has sections, oldest first, fade out each for the next. They do so only when its first bar is with the
 * player: a late renderer makes no silence, and a section that never comes to sound is passed over. One
 * whose phrases are over has nothing left to wait with.
 */
export function handOver(
  sections: readonly Section[],
  stage: Pick<Stage, "established" | "end">,
  now: Seconds,
): void {
  for (const [index, next] of sections.entries()) {
    const waiting = sections.slice(0, index).filter(({ endsAt }) => endsAt === undefined);
    if (waiting.length === 0) continue;
    const [first] = next.phrases;
    const isThere = first !== undefined && stage.established(first);
    const isLatest = index === sections.length - 1;
    for (const older of waiting) {
      const isOver = isLatest && older.phrases.length === 0;
      if (!isThere && !isOver) continue;
      const at = seconds(Math.max(next.entered.at, now));
      stage.end(String(older.cue.index), at, next.entered.fade);
      older.endsAt = seconds(at + next.entered.fade);
    }
  }
}

/** Lets go of phrases and sections that are over. */
export function letGo(sections: LiveSection[], stage: Stage, now: Seconds): void {
  for (const section of [...sections]) {
    for (const phrase of section.prune(now)) stage.release(phrase);
    if (section.endsAt === undefined || now < section.endsAt + FORGET_AFTER) continue;
    for (const phrase of section.phrases) stage.release(phrase);
    stage.forget(String(section.cue.index));
    section.leave();
    sections.splice(sections.indexOf(section), 1);
  }
}
