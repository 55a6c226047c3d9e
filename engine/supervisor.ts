import { milliseconds, type Milliseconds } from "./time/units.ts";

export interface SupervisorOptions {
  /** Starts the worker's work the first time. */
  readonly load: () => Promise<void>;
  /** Replaces a lost worker and loads again. */
  readonly restart: () => Promise<void>;
  /** The worker can be used. */
  readonly onReady: () => void;
  /** The worker cannot be used; another try follows. */
  readonly onLost: (error: Error) => void;
  /** No try will follow: the error is final, or the tries are used up and it never was ready. */
  readonly onFailed: (error: Error) => void;
  /** Errors that another try cannot mend. */
  readonly isFinal: (error: Error) => boolean;
}

/** Waits before each try; a worker that is lost again before it has worked for ten seconds uses up the next one. */
const WAITS: readonly Milliseconds[] = [0, 250, 1000, 4000, 15_000].map(milliseconds);
const STABLE_AFTER = milliseconds(10_000);
/** After them, for a worker that was ready before: again and again. */
const FOREVER = milliseconds(60_000);

/**
 * Keeps one worker alive: loads it, and makes a new one when it is lost. One that never was ready is given
 * up when its tries are used up: it cannot run here. One that was may have met with a busy time.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stable: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  #failure: Error | undefined;
  #wasReady = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    void this.#attempt(options.load);
  }

  /** Tell it that the worker is gone. */
  lost(error: Error): void {
    if (this.#over || this.#timer !== undefined) return;
    clearTimeout(this.#stable);
    const wait = WAITS[this.#tries] ?? (this.#wasReady ? FOREVER : undefined);
    if (wait === undefined) {
      this.#fail(error);
      return;
    }
    this.#options.onLost(error);
    this.#tries += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#attempt(this.#options.restart);
    }, wait);
  }

  /** Starts anew, with all its tries, where an error of this name was what it failed of; otherwise does nothing. Tells whether it does. */
  tryAgain(name: string): boolean {
    if (this.#failure?.name !== name) return false;
    this.#failure = undefined;
    this.#tries = 0;
    this.#over = false;
    void this.#attempt(this.#options.restart);
    return true;
  }

  dispose(): void {
    this.#failure = undefined;
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#stable);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (this.#over) return;
      if (this.#options.isFinal(error)) this.#fail(error);
      else this.lost(error);
      return;
    }
    if (this.#over) return;
    this.#stable = setTimeout(() => {
      this.#tries = 0;
    }, STABLE_AFTER);
    this.#wasReady = true;
    this.#options.onReady();
  }

  #fail(error: Error): void {
    this.dispose();
    this.#failure = error;
    this.#options.onFailed(error);
  }
}
