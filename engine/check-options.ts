import { isShipped } from "./assets.ts";
import { isQuality } from "./quality.ts";
import type { SoundtrackOptions } from "./soundtrack-interface.ts";

/** Throws `RangeError` for a value that no score could mend, and `SaveError` for a `replay` that is no recording. */
export async function checkOptions({
  seed,
  model,
  quality,
  replay,
}: SoundtrackOptions): Promise<void> {
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new RangeError(`seed must be a whole number, got ${seed}`);
  }
  if (model !== undefined && !isShipped(model)) {
    throw new RangeError(`model must be full or lite, got ${String(model)}`);
  }
  if (quality !== undefined && !isQuality(quality)) {
    throw new RangeError(`quality must be auto or a tier, got ${String(quality)}`);
  }
  if (replay === undefined) return;
  const { readRecording } = await import("./saved-music-shape.ts");
  readRecording(replay);
}
