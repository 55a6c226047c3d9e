import { seconds, type Seconds } from "../time/units.ts";
import type { LiveSection } from "./live-section.ts";
import type { Stage } from "./stage.ts";

/** Chunks of an ended section that are still with the renderer arrive within this many seconds. */
const FORGET_AFTER = 5;
/** So many seconds an old section goes on for a new one that cannot be rendered. */
const LONGEST_WAIT = 30;

/** The old sections fade only when the new one's first bar is with the player: a late renderer makes no silence. */
export function handOver(sections: readonly LiveSection[], stage: Stage, now: Seconds): void {
  const latest = sections.at(-1);
  const [first] = latest?.phrases ?? [];
  if (latest === undefined || first === undefined) return;
  const { at: entersAt, fade } = latest.entered;
  const overdue = now > entersAt + LONGEST_WAIT;
  if (!overdue && !stage.established(first)) return;
  for (const older of sections) {
    if (older === latest || older.endsAt !== undefined) continue;
    const at = seconds(Math.max(entersAt, now));
    stage.end(String(older.cue.index), at, fade);
    older.endsAt = seconds(at + fade);
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
