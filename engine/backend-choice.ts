import type { Backend, LoadOptions, LoadReport } from "./generator/service.ts";
import type { SpeedMemory } from "./speed-memory.ts";

/** Cores that are left to the game, the renderer and the browser where a second thread is to help. */
const OTHERS = 2;
/** More than two would make passes hardly faster, and take the cores of a game that needs them. */
const MOST_THREADS = 2;

/** How many threads write: more than one only where the page is isolated and its machine has cores to spare. */
export const threadsFor = (cores: number, isIsolated: boolean): number =>
  isIsolated ? Math.max(1, Math.min(MOST_THREADS, cores - OTHERS)) : 1;

/** How the next generator worker is to be opened, by what became of those before it. */
export class BackendChoice {
  readonly #memory: SpeedMemory;
  #backend: Backend | "auto";
  #threads: number;

  constructor(backend: Backend | "auto", threads: number, memory: SpeedMemory) {
    this.#backend = backend;
    this.#threads = threads;
    this.#memory = memory;
  }

  get options(): LoadOptions {
    return { backend: this.#backend, known: this.#memory.recall(), threads: this.#threads };
  }

  opened({ found }: Pick<LoadReport, "found">): void {
    if (found !== undefined) this.#memory.keep(found);
  }

  /** Opening failed. Whether it may have been for the threads: then another try on one thread is worth it at once. */
  refused(error: unknown): boolean {
    const isBackend = error instanceof Error && error.name === "BackendError";
    const mayBeThreads = isBackend && this.#threads > 1;
    if (mayBeThreads) this.#threads = 1;
    return mayBeThreads;
  }

  /** A worker hangs or has crashed, on `used` where it was open: that would hang again. */
  lost(used: Backend | undefined): void {
    this.#backend = "wasm";
    this.#threads = 1;
    if (used === "webgpu") this.#memory.forget();
  }
}
