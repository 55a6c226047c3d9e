import { wrap, type Endpoint, type Remote } from "comlink";
import { SIGN_OF_LIFE } from "./pulse.ts";

/** What a link needs of a worker; a `Worker` is one. */
export type WorkerLike = Endpoint & { terminate(): void };

/** Timers, as an argument for tests. Times in milliseconds. */
export interface Timers {
  set(callback: () => void, delay: number): ReturnType<typeof setTimeout>;
  clear(timer: ReturnType<typeof setTimeout>): void;
}

export interface LinkOptions {
  /** The worker's name in messages: "the render worker". */
  readonly name: string;
  /** Makes the error with which calls reject once the worker is gone. */
  readonly lost: (reason: string) => Error;
  /** Told once when the worker is given up, after its calls were rejected; not when it is closed. */
  readonly onLost: (reason: string) => void;
  /** Told of each call that the worker has answered, with a value or an error. */
  readonly onAnswer?: (() => void) | undefined;
  /** Default: `setTimeout` and `clearTimeout`. */
  readonly timers?: Timers | undefined;
}

/** One worker, the calls that wait for it, and the timer that watches it. */
export interface Link<Service> {
  /**
   * Calls the worker. Rejects when the worker fails, or when it sends nothing, neither an answer nor a
   * sign of life (`createPulse`), for `patience` milliseconds while this one waits; Comlink alone would leave
   * the promise open for ever. `patience` is asked again with every sign.
   */
  call<Result>(
    patience: () => number,
    send: (remote: Remote<Service>) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Calls the worker about its work. That it answers shows that it lives, and not that it gets on: what waits for
   * work waits no longer for it.
   */
  tell(patience: () => number, send: (remote: Remote<Service>) => Promise<void>): Promise<void>;
  /** Counts as an answer: the worker works on something long. */
  signOfLife(): void;
  /** Ends the worker; open and later calls reject. */
  close(reason: string): void;
}

/** After a blocked thread, timers may run before the answers that wait: those get this long. */
const GRACE = 250;

const REAL_TIMERS: Timers = {
  set: (callback, delay) => setTimeout(callback, delay),
  clear: (timer) => clearTimeout(timer),
};

interface OpenCall {
  readonly reject: (error: Error) => void;
  readonly patience: () => number;
  readonly isWork: boolean;
}

/** Takes a worker over. */
export function openLink<Service>(worker: WorkerLike, options: LinkOptions): Link<Service> {
  const { name, lost, onLost, onAnswer, timers = REAL_TIMERS } = options;
  const remote = wrap<Service>(worker);
  const open = new Set<OpenCall>();
  let closed: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function close(reason: string): void {
    if (closed !== undefined) return;
    closed = lost(reason);
    if (timer !== undefined) timers.clear(timer);
    worker.terminate();
    for (const { reject } of open) reject(closed);
    open.clear();
  }

  function lose(reason: string): void {
    if (closed !== undefined) return;
    close(reason);
    onLost(reason);
  }

  /** Starts the wait for the next answer anew. */
  function watch(): void {
    if (timer !== undefined) timers.clear(timer);
    timer = undefined;
    if (open.size === 0 || closed !== undefined) return;
    const patience = Math.max(...[...open].map((call) => call.patience()));
    timer = timers.set(() => {
      timer = timers.set(() => lose(`${name} has not answered for ${patience} ms`), GRACE);
    }, patience);
  }

  worker.addEventListener("error", (event) => {
    const reason = "message" in event ? String(event.message) : "it did not start";
    lose(`${name} failed: ${reason}`);
  });
  worker.addEventListener("message", (event) => {
    if ("data" in event && event.data === SIGN_OF_LIFE) watch();
  });
  worker.addEventListener("messageerror", () => lose(`an answer of ${name} was unreadable`));

  function callFor<Result>(
    isWork: boolean,
    patience: () => number,
    send: (remote: Remote<Service>) => Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (closed !== undefined) {
        reject(closed);
        return;
      }
      const call: OpenCall = { reject, patience, isWork };
      open.add(call);
      // The wait begins with the first open call and anew with each answer: further calls to a dead
      // worker must not grant it more time.
      if (open.size === 1) watch();
      const settled = (): void => {
        if (!open.delete(call)) return;
        if (isWork || ![...open].some((other) => other.isWork)) watch();
        onAnswer?.();
      };
      send(remote).then(
        (result) => {
          settled();
          resolve(result);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }

  return {
    close,
    signOfLife: watch,
    call: (patience, send) => callFor(true, patience, send),
    tell: (patience, send) => callFor(false, patience, send),
  };
}
