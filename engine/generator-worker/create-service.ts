import type {
  GenerationAnswer,
  GenerationRequest,
  GeneratorService,
} from "../generator/service.ts";
import { perStem } from "../music/stem.ts";
import { milliseconds } from "../time/units.ts";
import { generatorError } from "./errors.ts";
import type { Model } from "./model.ts";
import { openModel } from "./model.ts";
import { createQueue } from "./queue.ts";
import type { writeWindow } from "./write-window.ts";

/** What the service needs of its surroundings. */
export interface ServiceSurroundings {
  /** Milliseconds since the epoch, for deadlines. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back, for measurements. */
  readonly clock: () => number;
  /** Lets waiting messages in. */
  readonly pause: () => Promise<void>;
}

/** Weight of the newest pass in the running estimate of a pass: one stall must not cost quality for long. */
const SLOWER = 0.2;
const FASTER = 0.5;

/** The generator behind its boundary; see `GeneratorService` for what it promises. */
export function createGeneratorService(surroundings: ServiceSurroundings): GeneratorService {
  const { now, clock, pause } = surroundings;
  let model: Model | undefined;
  let write: typeof writeWindow | undefined;
  let loading = false;
  let passTime = 0;
  const arrivals = new Map<GenerationRequest, number>();

  const perform = async (
    request: GenerationRequest,
    isCancelled: () => boolean,
  ): Promise<GenerationAnswer> => {
    const start = clock();
    const queued = milliseconds(start - (arrivals.get(request) ?? start));
    arrivals.delete(request);
    if (model === undefined || write === undefined)
      throw generatorError("GenerationError", "no model is loaded");
    if (isCancelled()) {
      const notes = perStem(() => []);
      const backend = model.backend();
      const elapsed = milliseconds(0);
      return { id: request.id, outcome: "cancelled", notes, backend, passes: 0, elapsed, queued };
    }
    let last = start;
    const next = async (done: number): Promise<"continue" | "commit" | "cancel"> => {
      await pause();
      const time = clock();
      const change = time - last - passTime;
      if (done > 0) passTime += change * (change > 0 ? SLOWER : FASTER);
      last = time;
      if (isCancelled()) return "cancel";
      return now() + passTime > request.deadline ? "commit" : "continue";
    };
    // Fewer passes from the start make better music than a plan that is cut off.
    const affordable = Math.max(1, Math.floor((request.deadline - now()) / Math.max(1, passTime)));
    const passes = Math.min(request.passes, affordable);
    const written = await write(model, { ...request, passes }, next);
    return { id: request.id, ...written, elapsed: milliseconds(clock() - start), queued };
  };
  const queue = createQueue(perform);

  return {
    load: async ({ backend }, read) => {
      if (loading) throw generatorError("BackendError", "a model has been loaded already");
      loading = true;
      try {
        // What writes comes while the model does: a page where there is none never loads it.
        const [opened, writing] = await Promise.all([
          openModel({ read, backend, now: clock }),
          import("./write-window.ts"),
        ]);
        write = writing.writeWindow;
        model = opened;
      } finally {
        loading = model !== undefined;
      }
      passTime = model.report.passTime[model.report.backend] ?? 0;
      return model.report;
    },
    generate: (request) => {
      arrivals.set(request, clock());
      return queue.submit(request);
    },
    cancel: (id) => queue.cancel(id),
  };
}
