import type { Soundtrack, SoundtrackEvents } from "attacca";

/** What a page that plays a soundtrack does in a browser test. */

export const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Polls every 50 ms; throws after `limit` seconds. */
export async function until(condition: () => boolean, limit: number, what: string): Promise<void> {
  const end = performance.now() + limit * 1000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${limit} s in vain for ${what}`);
    await sleep(0.05);
  }
}

/** Blocks this thread, as a game that loads a level does. */
export function block(seconds: number): void {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end);
}

/** A list that grows with every event of a kind. */
export function listen<Kind extends keyof SoundtrackEvents>(
  music: Soundtrack,
  kind: Kind,
): SoundtrackEvents[Kind][] {
  const heard: SoundtrackEvents[Kind][] = [];
  music.on(kind, (event) => heard.push(event));
  return heard;
}

export interface WorkerWatch {
  /** Ends those workers whose address holds `name`, as a crash does: nothing is told to the page. */
  kill(name: string): void;
  /** How many were started and not ended. */
  alive(): number;
  /** Gives the page its own `Worker` back. */
  stop(): void;
}

/** Watches the workers that are started from now on. */
export function watchWorkers(): WorkerWatch {
  const RealWorker = globalThis.Worker;
  const workers = new Map<Worker, string>();
  globalThis.Worker = class extends RealWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.set(this, String(url));
    }

    override terminate(): void {
      super.terminate();
      workers.delete(this);
    }
  };
  return {
    kill(name) {
      for (const [worker, url] of workers) if (url.includes(name)) worker.terminate();
    },
    alive: () => workers.size,
    stop() {
      globalThis.Worker = RealWorker;
    },
  };
}
