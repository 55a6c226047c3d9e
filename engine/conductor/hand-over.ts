import { seconds, type Seconds } from "../time/units.ts";
import type { LiveSection } from "./live-section.ts";
import type { Stage } from "./stage.ts";

/**
 * Has the older sections fade out for the latest. They do so only when its first bar is with the player: a
 * late renderer makes no silence. One whose phrases are over has nothing left to wait with.
 */
export function handOver(
  sections: readonly Pick<LiveSection, "cue" | "phrases" | "entered" | "endsAt">[],
  stage: Pick<Stage, "established" | "end">,
  now: Seconds,
): void {
  const latest = sections.at(-1);
  const [first] = latest?.phrases ?? [];
  if (latest === undefined || first === undefined) return;
  const { at: entersAt, fade } = latest.entered;
  const isThere = stage.established(first);
  for (const older of sections) {
    if (older === latest || older.endsAt !== undefined) continue;
    if (!isThere && older.phrases.length > 0) continue;
    const at = seconds(Math.max(entersAt, now));
    stage.end(String(older.cue.index), at, fade);
    older.endsAt = seconds(at + fade);
  }
}
