import type {
  GenerationAnswer,
  GenerationRequest,
  GeneratorService,
} from "../generator/service.ts";
import { WINDOW_BARS } from "../generator/tokens.ts";
import { perStem } from "../music/stem.ts";
import { milliseconds } from "../time/units.ts";
import { generatorError } from "./errors.ts";
import type { Model } from "./model.ts";
import { openModel } from "./model.ts";
import { cellsOf, choosePasses, learn, passTime, type Pace, type Work } from "./pace.ts";
import { createQueue, type Turn } from "./queue.ts";
import type { writeWindow } from "./write-window.ts";

/** What the service needs of its surroundings. */
export interface ServiceSurroundings {
  /** Milliseconds since the epoch, for deadlines. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back, for measurements. */
  readonly clock: () => number;
  /** Lets waiting messages in, and waits for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Tells whoever watches this worker that it lives. */
  readonly signOfLife: () => void;
}

/** Milliseconds between two passes, at most: whoever watches this worker must see that it lives. */
const LONGEST_REST = 250;

/** The generator behind its boundary; see `GeneratorService` for what it promises. */
export function createGeneratorService(surroundings: ServiceSurroundings): GeneratorService {
  const { now, clock, pause, signOfLife } = surroundings;
  let model: Model | undefined;
  let write: typeof writeWindow | undefined;
  let loading = false;
  let pace: Pace = { bar: 0, cell: 0 };
  let rest = 0;
  const arrivals = new Map<GenerationRequest, number>();

  const perform = async (request: GenerationRequest, turn: Turn): Promise<GenerationAnswer> => {
    const arrived = arrivals.get(request) ?? clock();
    arrivals.delete(request);
    if (model === undefined || write === undefined)
      throw generatorError("GenerationError", "no model is loaded");
    const { id } = request;
    let worked = 0;
    const times = () => ({
      elapsed: milliseconds(worked),
      queued: milliseconds(Math.max(0, clock() - arrived - worked)),
    });
    if (turn.isCancelled()) {
      const notes = perStem(() => []);
      return { id, outcome: "cancelled", notes, backend: model.backend(), passes: 0, ...times() };
    }
    const { runPass, barsRun } = model;
    const cells = cellsOf(request);
    const work = (): Work => ({ bars: barsRun(request.bars.length), cells });
    const timeLeft = (): number => turn.terms().deadline - now();
    const passes = choosePasses(request.passes, timeLeft(), passTime(pace, work()));
    let network = 0;
    let last = clock();
    const timed: Model = {
      ...model,
      runPass: async (inputs) => {
        const begun = clock();
        const logits = await runPass(inputs);
        network = clock() - begun;
        return logits;
      },
    };
    const next = async (done: number): Promise<"continue" | "commit" | "cancel"> => {
      signOfLife();
      const taken = clock() - last;
      worked += taken;
      if (done > 0) pace = learn(pace, { network, deciding: taken - network, ...work() });
      const spare = timeLeft() - (passes - done) * passTime(pace, work());
      await pause(done === 0 ? 0 : restAfter(taken, rest, spare / (passes - done)));
      await turn.giveWay();
      last = clock();
      if (turn.isCancelled()) return "cancel";
      return passTime(pace, work()) > timeLeft() ? "commit" : "continue";
    };
    const written = await write(timed, { ...request, passes }, next);
    worked += clock() - last;
    return { id, ...written, ...times() };
  };
  const queue = createQueue(perform);

  return {
    load: async ({ backend, known, threads }, read) => {
      if (loading) throw generatorError("BackendError", "a model has been loaded already");
      loading = true;
      try {
        // What writes comes while the model does: a page where there is none never loads it.
        const [opened, writing] = await Promise.all([
          openModel({ read, backend, known, threads, now: clock }),
          import("./write-window.ts"),
        ]);
        write = writing.writeWindow;
        model = opened;
      } finally {
        loading = model !== undefined;
      }
      pace = { bar: (model.report.passTime[model.report.backend] ?? 0) / WINDOW_BARS, cell: 0 };
      return model.report;
    },
    generate: (request) => {
      arrivals.set(request, clock());
      return queue.submit(request);
    },
    cancel: (id) => queue.cancel(id),
    revise: (id, terms) => queue.revise(id, terms),
    rest: (share) => {
      rest = Math.max(0, share);
    },
  };
}

/** A share of the pass before, as far as the deadline allows. */
const restAfter = (taken: number, share: number, spare: number): number =>
  Math.max(0, Math.min(taken * share, spare, LONGEST_REST));
