import { wrap, type Endpoint, type Remote } from "comlink";
import type { Milliseconds } from "../time/units.ts";
import { RendererLostError } from "./errors.ts";
import type { RenderedChunk, RendererOptions, RendererService, RenderRequest } from "./service.ts";

/** What the client needs of a worker; a `Worker` is one. */
export type WorkerLike = Endpoint & { terminate(): void };

export interface RendererClientOptions {
  /**
   * With calls open and no answer for this time, the worker counts as lost. Longer than the slowest
   * single call: `load` over a slow network counts too.
   */
  readonly watchdog: Milliseconds;
  /** Told once for each worker that is lost. */
  readonly onLost?: (error: RendererLostError) => void;
  /** Default: the real worker. */
  readonly makeWorker?: () => WorkerLike;
}

/** The renderer as the game's thread sees it. Every promise settles, whatever happens to the worker. */
export interface RendererClient {
  /** As `RendererService.load`; rejects with `RendererLostError` too, as all calls do. */
  load(options: RendererOptions): Promise<void>;
  render(request: RenderRequest): Promise<RenderedChunk>;
  release(take: string): void;
  /** Replaces the worker, dead or alive, and loads the soundfont again if it was asked for before. */
  restart(): Promise<void>;
  /** Ends the worker. Open and later calls reject with `RendererLostError`. */
  dispose(): void;
}

/** After a blocked main thread, timers may run before the answers that wait: they get this long. */
const GRACE_MILLISECONDS = 100;

const realWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker. */
export function createRendererClient(options: RendererClientOptions): RendererClient {
  const { watchdog, onLost, makeWorker = realWorker } = options;
  let link = openLink(makeWorker(), watchdog, onLost);
  let loaded: RendererOptions | undefined;
  return {
    load(options) {
      loaded = options;
      return link.call((remote) => remote.load(options));
    },
    render: (request) => link.call((remote) => remote.render(request)),
    release(take) {
      // A lost worker has forgotten the take already.
      link.call((remote) => remote.release(take)).catch(() => undefined);
    },
    async restart() {
      link.close(new RendererLostError("the render worker was restarted"));
      link = openLink(makeWorker(), watchdog, onLost);
      const again = loaded;
      if (again !== undefined) await link.call((remote) => remote.load(again));
    },
    dispose() {
      link.close(new RendererLostError("the renderer was disposed"));
    },
  };
}

/** One worker, the calls that wait for it, and the timer that watches it. */
interface Link {
  call<Result>(send: (remote: Remote<RendererService>) => Promise<Result>): Promise<Result>;
  /** Rejects all open and later calls and ends the worker. */
  close(error: RendererLostError): void;
}

function openLink(
  worker: WorkerLike,
  watchdog: Milliseconds,
  onLost: RendererClientOptions["onLost"],
): Link {
  const remote = wrap<RendererService>(worker);
  const open = new Set<(error: RendererLostError) => void>();
  let closed: RendererLostError | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function close(error: RendererLostError): void {
    if (closed !== undefined) return;
    closed = error;
    clearTimeout(timer);
    worker.terminate();
    for (const reject of open) reject(error);
    open.clear();
  }

  function lose(reason: string): void {
    if (closed !== undefined) return;
    const error = new RendererLostError(reason);
    close(error);
    onLost?.(error);
  }

  function watch(): void {
    clearTimeout(timer);
    if (open.size === 0 || closed !== undefined) return;
    timer = setTimeout(() => {
      const reason = `the render worker has not answered for ${watchdog} ms`;
      timer = setTimeout(lose, GRACE_MILLISECONDS, reason);
    }, watchdog);
  }

  worker.addEventListener("error", (event) => {
    const reason = "message" in event ? String(event.message) : "it failed to start";
    lose(`the render worker failed: ${reason}`);
  });
  worker.addEventListener("messageerror", () => lose("the render worker's answer was unreadable"));

  return {
    close,
    call(send) {
      return new Promise((resolve, reject) => {
        if (closed !== undefined) {
          reject(closed);
          return;
        }
        open.add(reject);
        // The watch starts with the first open call and anew with each answer, not with each call.
        if (open.size === 1) watch();
        send(remote)
          .then(resolve, reject)
          .finally(() => {
            open.delete(reject);
            watch();
          });
      });
    },
  };
}
