import { proxy, transfer, type Remote } from "comlink";
import type {
  GeneratorService,
  LoadOptions,
  LoadReport,
  ReadModelFile,
} from "../generator/service.ts";
import { openLink, type Link, type Timers, type WorkerLike } from "../worker-link/link.ts";
import { generatorError } from "./errors.ts";

/** How long a worker may be silent while it owes an answer before it is given up, in milliseconds. */
interface WatchdogOptions {
  /** While opening the model, not while its files are read. Shader compilation may take seconds. Default 60,000, 30,000 in WebAssembly. */
  readonly loading?: number;
  /** While writing; every answer and every pass counts. Default: twelve passes as the speed test timed them, 4,000 – 10,000. */
  readonly writing?: number;
  /** Default `setTimeout` and `clearTimeout`. */
  readonly timers?: Timers;
}

export interface GeneratorClientOptions {
  /** Default: the real worker. */
  readonly makeWorker?: () => WorkerLike;
  readonly watchdog?: WatchdogOptions;
  /** Told once for each worker that is lost, after its calls were rejected. */
  readonly onLost?: (reason: string) => void;
  /** Told of each call that a worker has answered. */
  readonly onAnswer?: () => void;
}

/** The generator as the game's thread sees it. Every promise settles, whatever happens to the worker. */
export interface GeneratorClient extends GeneratorService {
  /**
   * Replaces the worker, lost or not, and loads what was loaded before, in another way if one is given;
   * pending calls reject with `GeneratorLostError`. Resolves with the new report, or with nothing where
   * `load` was never called.
   */
  restart(options?: LoadOptions): Promise<LoadReport | undefined>;
  /** Ends the worker; pending and later calls reject with `GeneratorLostError`. */
  dispose(): void;
}

const LOADING = { wasm: 30_000, webgpu: 60_000, auto: 60_000 } as const;
/** A busy device may slow a worker down: so many passes may be late at once. */
const PASSES = 12;
const SHORTEST = 4_000;
const LONGEST = 10_000;

/** So often, in milliseconds, a worker is asked whether it lives: one that has died is missed before it is needed. */
const PULSE = 2_000;

const patienceFor = ({ backend, passTime }: LoadReport): number =>
  Math.min(LONGEST, Math.max(SHORTEST, PASSES * (passTime[backend] ?? 0)));

const realWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker. */
export function createGeneratorClient(options: GeneratorClientOptions = {}): GeneratorClient {
  const { makeWorker = realWorker, watchdog = {}, onLost, onAnswer } = options;
  const { timers } = watchdog;
  let writing = watchdog.writing ?? SHORTEST;
  let share = 0;
  let pulse: ReturnType<typeof setInterval> | undefined;
  const open = (): Link<GeneratorService> =>
    openLink(makeWorker(), {
      name: "the generator worker",
      lost: (reason) => generatorError("GeneratorLostError", reason),
      onLost: (reason) => onLost?.(reason),
      onAnswer,
      timers,
    });
  let link = open();
  let loaded: { readonly options: LoadOptions; readonly read: ReadModelFile } | undefined;

  const load = async (wanted: LoadOptions, read: ReadModelFile): Promise<LoadReport> => {
    loaded = { options: wanted, read };
    const loading = watchdog.loading ?? LOADING[wanted.backend];
    // Reading has a watchdog of its own.
    const reading: ReadModelFile = async (file) => {
      const timer = setInterval(() => link.signOfLife(), loading / 4);
      try {
        const bytes = await read(file);
        return bytes && transfer(bytes, [bytes]);
      } finally {
        clearInterval(timer);
        link.signOfLife();
      }
    };
    const report = await link.call(
      () => loading,
      (remote) => remote.load(wanted, proxy(reading)),
    );
    writing = watchdog.writing ?? patienceFor(report);
    clearInterval(pulse);
    pulse = setInterval(sayRest, PULSE);
    return report;
  };

  const tell = (send: (remote: Remote<GeneratorService>) => Promise<void>): void => {
    // A lost worker has nothing left of which it could be told.
    link.tell(() => writing, send).catch(() => undefined);
  };

  const sayRest = (): void => tell((remote) => remote.rest(share));
  const end = (reason: string): void => {
    clearInterval(pulse);
    link.close(reason);
  };

  return {
    load,
    generate: (request) =>
      link.call(
        () => writing,
        (remote) => remote.generate(request),
      ),
    cancel: (id) => tell((remote) => remote.cancel(id)),
    revise: (id, terms) => tell((remote) => remote.revise(id, terms)),
    rest(wanted) {
      share = wanted;
      sayRest();
    },
    async restart(wanted) {
      end("the generator worker was restarted");
      link = open();
      return loaded === undefined ? undefined : load(wanted ?? loaded.options, loaded.read);
    },
    dispose: () => end("the generator was disposed"),
  };
}
