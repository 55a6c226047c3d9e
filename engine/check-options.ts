import { isShipped } from "./assets.ts";
import { isQuality } from "./quality.ts";
import type { SoundtrackOptions } from "./soundtrack-interface.ts";

/** Throws `RangeError` for a value that no score could mend. */
export function checkOptions({ seed, model, quality, pcmMemory }: SoundtrackOptions): void {
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new RangeError(`seed must be a whole number, got ${seed}`);
  }
  if (model !== undefined && !isShipped(model)) {
    throw new RangeError(`model must be full or lite, got ${String(model)}`);
  }
  if (quality !== undefined && !isQuality(quality)) {
    throw new RangeError(`quality must be auto or a tier, got ${String(quality)}`);
  }
  if (pcmMemory !== undefined && !(pcmMemory >= 0 && pcmMemory < Infinity)) {
    throw new RangeError(`pcmMemory must be a number of MB from 0, got ${String(pcmMemory)}`);
  }
}
