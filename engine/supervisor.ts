import { milliseconds, type Milliseconds } from "./time/units.ts";

/** What another try promises: `soon`, only `later`, as what is wrong may pass, or `never`. */
export type Prospect = "soon" | "later" | "never";

export interface SupervisorOptions {
  /** Starts the worker's work the first time. */
  readonly load: () => Promise<void>;
  /** Replaces a lost worker and loads again. */
  readonly restart: () => Promise<void>;
  /** The worker can be used. */
  readonly onReady: () => void;
  /** The worker cannot be used; another try follows soon. */
  readonly onLost: (error: Error) => void;
  /** No try will follow soon, if ever. Told once, until the worker is ready after all. */
  readonly onFailed: (error: Error) => void;
  readonly prospectOf: (error: Error) => Prospect;
}

/** Waits before each try. A worker that is lost before it has proved itself uses up the next one … */
const WAITS: readonly Milliseconds[] = [0, 250, 1000, 4000, 15_000].map(milliseconds);
/** … and it has by an answer so long after it was ready. */
const PROVEN_AFTER = milliseconds(1000);
/** When the tries are used up the waits are so long, doubled each time … */
const LATER = milliseconds(60_000);
/** … up to this. */
const LONGEST = milliseconds(600_000);

/** Keeps one worker alive: loads it, and makes a new one when it is lost, for as long as there is a prospect. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readyAt: number | undefined;
  #over = false;
  /** What it failed of. */
  #failure: Error | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    void this.#attempt(options.load);
  }

  /** Tell it that the worker is gone. */
  lost(error: Error): void {
    if (this.#over || this.#timer !== undefined) return;
    const wait = WAITS[this.#tries];
    const wasReady = this.#readyAt !== undefined;
    this.#readyAt = undefined;
    if (wait !== undefined || wasReady) this.#options.onLost(error);
    if (wait === undefined) this.#tryLater(error);
    else this.#tryIn(wait);
  }

  /** Tell it that the worker has answered. */
  answered(): void {
    if (this.#readyAt === undefined || performance.now() - this.#readyAt < PROVEN_AFTER) return;
    this.#tries = 0;
  }

  /** Starts anew, with all its tries, where an error of this name was what it failed of; otherwise does nothing. Tells whether it does. */
  tryAgain(name: string): boolean {
    if (this.#failure?.name !== name) return false;
    this.#failure = undefined;
    this.#tries = 0;
    this.#over = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#attempt(this.#options.restart);
    return true;
  }

  dispose(): void {
    this.#failure = undefined;
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (!this.#over) this.#refused(cause instanceof Error ? cause : new Error(String(cause)));
      return;
    }
    if (this.#over) return;
    this.#readyAt = performance.now();
    this.#failure = undefined;
    this.#options.onReady();
  }

  #refused(error: Error): void {
    switch (this.#options.prospectOf(error)) {
      case "soon":
        this.lost(error);
        return;
      case "later":
        this.#tries = Math.max(this.#tries, WAITS.length);
        this.#tryLater(error);
        return;
      case "never":
        this.dispose();
        this.#fail(error);
    }
  }

  #tryIn(wait: Milliseconds): void {
    this.#tries += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#attempt(this.#options.restart);
    }, wait);
  }

  #tryLater(error: Error): void {
    this.#tryIn(milliseconds(Math.min(LONGEST, LATER * 2 ** (this.#tries - WAITS.length))));
    this.#fail(error);
  }

  #fail(error: Error): void {
    const isNews = this.#failure === undefined;
    this.#failure = error;
    if (isNews) this.#options.onFailed(error);
  }
}
