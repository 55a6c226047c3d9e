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
  /** While opening the model, not while its files are read. Shader compilation may take seconds. Default 60,000. */
  readonly loading?: number;
  /** While writing; every answer and every pass counts. Default 8,000. */
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
}

/** The generator as the game's thread sees it. Every promise settles, whatever happens to the worker. */
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

const realWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker. */
export function createGeneratorClient(options: GeneratorClientOptions = {}): GeneratorClient {
  const { makeWorker = realWorker, watchdog = {}, onLost } = options;
  const { loading = LOADING, writing = WRITING, timers } = watchdog;
  const open = (): Link<GeneratorService> =>
    openLink(makeWorker(), {
      name: "the generator worker",
      lost: (reason) => generatorError("GeneratorLostError", reason),
      onLost: (reason) => onLost?.(reason),
      timers,
    });
  let link = open();
  let loaded: { readonly options: LoadOptions; readonly read: ReadModelFile } | undefined;

  const load = (wanted: LoadOptions, read: ReadModelFile): Promise<LoadReport> => {
    loaded = { options: wanted, read };
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
    return link.call(loading, (remote) => remote.load(wanted, proxy(reading)));
  };

  const tell = (send: (remote: Remote<GeneratorService>) => Promise<void>): void => {
    // A lost worker has nothing left of which it could be told.
    link.call(writing, send).catch(() => undefined);
  };

  return {
    load,
    generate: (request) => link.call(writing, (remote) => remote.generate(request)),
    cancel: (id) => tell((remote) => remote.cancel(id)),
    revise: (id, terms) => tell((remote) => remote.revise(id, terms)),
    rest: (share) => tell((remote) => remote.rest(share)),
    async restart() {
      link.close("the generator worker was restarted");
      link = open();
      return loaded === undefined ? undefined : load(loaded.options, loaded.read);
    },
    dispose: () => link.close("the generator was disposed"),
  };
}
