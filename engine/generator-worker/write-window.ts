import { decodeWindow, notesOfBars } from "../generator/decode.ts";
import { encodeWindow } from "../generator/encode.ts";
import { sampleWindow, type SampleTask } from "../generator/sampler.ts";
import type { GenerationAnswer, GenerationRequest } from "../generator/service.ts";
import { perStem } from "../music/stem.ts";
import { generatorError, messageOf } from "./errors.ts";
import type { Model } from "./model.ts";

/** What was written, without the times that only the caller knows. */
export type Written = Pick<GenerationAnswer, "outcome" | "notes" | "passes" | "backend">;

/** What of a request decides the notes. */
export type WriteRequest = Pick<GenerationRequest, "bars" | "given" | "mask" | "seed" | "passes">;

const ALWAYS_ON: SampleTask["next"] = () => Promise.resolve("continue");

/**
 * Writes one window with an open model; the same code serves the worker and scripts. `next` is asked
 * before every pass, see `SampleTask`. Rejects with `GenerationError`.
 */
export async function writeWindow(
  model: Model,
  request: WriteRequest,
  next: SampleTask["next"] = ALWAYS_ON,
): Promise<Written> {
  const { voicings, cuts } = model.manifest;
  const { seed, passes } = request;
  try {
    if (!Number.isInteger(passes) || passes < 1 || passes > 32) {
      throw new RangeError(`passes must be a whole number within [1, 32], got ${passes}`);
    }
    const window = encodeWindow(request, voicings);
    const { runPass } = model;
    const result = await sampleWindow({ window, voicings, seed, passes, cuts, runPass, next });
    const { outcome, expression } = result;
    const decoded = decodeWindow(window, {
      voicings,
      ...(expression === undefined ? {} : { expression }),
    });
    const notes =
      outcome === "cancelled"
        ? perStem(() => [])
        : notesOfBars(decoded, window, (bar, stem) => {
            const mask = request.mask[bar]?.[stem];
            return mask !== "keep" && mask !== "absent";
          });
    return { outcome, notes, passes: result.passes, backend: model.backend() };
  } catch (error) {
    if (error instanceof Error && error.name === "GenerationError") throw error;
    throw generatorError("GenerationError", messageOf(error), error);
  }
}
