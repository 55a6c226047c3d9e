import { proxy, wrap, type Endpoint, type Remote } from "comlink";
import type {
  GeneratorService,
  LoadOptions,
  LoadProgress,
  LoadReport,
} from "../generator/service.ts";
import { generatorError } from "./errors.ts";

/** The part of `Worker` that is used. */
export interface WorkerLike extends Endpoint {
  terminate(): void;
}

/** How long a worker may be silent while it owes an answer before it is given up, in milliseconds. */
interface WatchdogOptions {
  /** While loading; progress counts as a sign of life. Shader compilation may take seconds. Default 60,000. */
  readonly loading?: number;
  /** While writing; every answer counts. A pass takes well under a second. Default 8,000. */
  readonly writing?: number;
  /** Default `setTimeout` and `clearTimeout`. */
  readonly timers?: Timers;
}

export type Timer = ReturnType<typeof setTimeout>;

interface Timers {
  set(callback: () => void, delay: number): Timer;
  clear(timer: Timer): void;
}

export interface GeneratorClientOptions {
  /** Starts the worker: `() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })`. */
  readonly makeWorker: () => WorkerLike;
  readonly watchdog?: WatchdogOptions;
  /** Told once when a worker is given up, after its calls were rejected. */
  readonly onLost?: (reason: string) => void;
}

/** The generator as the game's thread sees it. */
export interface GeneratorClient extends GeneratorService {
  /**
   * Replaces the worker, lost or not, and loads what was loaded before; pending calls reject with
   * `GeneratorLostError`. Resolves with the new report, or with nothing where `load` was never called.
   */
  restart(): Promise<LoadReport | undefined>;
  /** Ends the worker; pending and later calls reject with `GeneratorLostError`. */
  dispose(): void;
}

const LOADING = 60_000;
const WRITING = 8_000;
/** After the watchdog has barked, time for an answer that waits in a queue: the page itself may have slept. */
const LAST_CHANCE = 500;

const REAL_TIMERS: Timers = {
  set: (callback, delay) => setTimeout(callback, delay),
  clear: (timer) => clearTimeout(timer),
};

interface Pending {
  readonly reject: (error: Error) => void;
  readonly patience: number;
}

/** A worker while it lives. */
interface Running {
  readonly worker: WorkerLike;
  readonly remote: Remote<GeneratorService>;
  readonly pending: Set<Pending>;
  timer: Timer | undefined;
}

/**
 * Starts the worker and speaks to it. A worker that fails, or owes an answer for too long, is
 * terminated: its calls reject with `GeneratorLostError` (left alone they would never settle).
 */
export function createGeneratorClient(options: GeneratorClientOptions): GeneratorClient {
  const { makeWorker, watchdog = {}, onLost } = options;
  const timers = watchdog.timers ?? REAL_TIMERS;
  let running: Running | undefined = start();
  let loaded:
    | { options: LoadOptions; onProgress: ((progress: LoadProgress) => void) | undefined }
    | undefined;

  function start(): Running {
    const worker = makeWorker();
    const fresh: Running = {
      worker,
      remote: wrap<GeneratorService>(worker),
      pending: new Set(),
      timer: undefined,
    };
    const failed = (event: Event): void => {
      const reason = "message" in event ? String(event.message) : event.type;
      lose(fresh, `the worker failed: ${reason}`);
    };
    worker.addEventListener("error", (event: Event) => failed(event));
    worker.addEventListener("messageerror", (event: Event) => failed(event));
    return fresh;
  }

  function stop(ended: Running, reason: string): void {
    if (ended.timer !== undefined) timers.clear(ended.timer);
    ended.worker.terminate();
    if (running === ended) running = undefined;
    for (const { reject } of ended.pending) reject(generatorError("GeneratorLostError", reason));
    ended.pending.clear();
  }

  function lose(lost: Running, reason: string): void {
    if (running !== lost) return;
    stop(lost, reason);
    onLost?.(reason);
  }

  /** Starts the wait for the next sign of life anew. */
  function watch(alive: Running): void {
    if (alive.timer !== undefined) timers.clear(alive.timer);
    alive.timer = undefined;
    if (alive.pending.size === 0) return;
    const patience = Math.max(...[...alive.pending].map((call) => call.patience));
    alive.timer = timers.set(() => {
      alive.timer = timers.set(
        () => lose(alive, `the worker was silent for ${patience} ms`),
        LAST_CHANCE,
      );
    }, patience);
  }

  function call<Answer>(
    patience: number,
    ask: (remote: Remote<GeneratorService>, alive: Running) => Promise<Answer>,
  ): Promise<Answer> {
    const alive = running;
    if (alive === undefined) {
      return Promise.reject(generatorError("GeneratorLostError", "there is no worker"));
    }
    return new Promise<Answer>((resolve, reject) => {
      const pending: Pending = { reject, patience };
      alive.pending.add(pending);
      // The wait begins with the first call that is open and anew with each answer: a call to a dead
      // worker must not grant it more time.
      if (alive.pending.size === 1) watch(alive);
      const settled = (): void => {
        if (alive.pending.delete(pending)) watch(alive);
      };
      // Settled first: who hears the answer may ask again at once.
      void ask(alive.remote, alive).finally(settled).then(resolve, reject);
    });
  }

  const load = (
    loadOptions: LoadOptions,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<LoadReport> => {
    loaded = { options: loadOptions, onProgress };
    // The worker's own address would be the base of a relative one.
    const base = typeof location === "undefined" ? undefined : location.href;
    const manifestUrl = new URL(loadOptions.manifestUrl, base).href;
    return call(watchdog.loading ?? LOADING, (remote, alive) => {
      const report = (progress: LoadProgress): void => {
        watch(alive);
        onProgress?.(progress);
      };
      return remote.load({ ...loadOptions, manifestUrl }, proxy(report));
    });
  };

  return {
    load,
    generate: (request) => call(watchdog.writing ?? WRITING, (remote) => remote.generate(request)),
    cancel: (id) => {
      // A lost worker has nothing left to cancel, and its calls have been rejected.
      running?.remote.cancel(id).catch(() => undefined);
    },
    restart: async () => {
      if (running !== undefined) stop(running, "the worker was restarted");
      running = start();
      return loaded === undefined ? undefined : load(loaded.options, loaded.onProgress);
    },
    dispose: () => {
      if (running !== undefined) stop(running, "the generator was disposed");
    },
  };
}
