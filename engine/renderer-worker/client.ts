import { transfer } from "comlink";
import type { Milliseconds } from "../time/units.ts";
import { openLink, type Link, type WorkerLike } from "../worker-link/link.ts";
import { RendererLostError } from "./errors.ts";
import type { FontOptions, RenderedChunk, RendererService, RenderRequest } from "./service.ts";

export interface RendererClientOptions {
  /**
   * With chunks asked for and no answer for this time, the worker counts as lost. One that has not rendered
   * anything yet gets twice as long, and twice as long again after each that never did: on a busy device the
   * first chunk takes its time, as instruments are unpacked for it.
   */
  readonly watchdog: Milliseconds;
  /** Told once for each worker that is lost. */
  readonly onLost?: (error: RendererLostError) => void;
  /** Told of each call that a worker has answered. */
  readonly onAnswer?: () => void;
  /** Default: the real worker. */
  readonly makeWorker?: () => WorkerLike;
}

interface RendererLoad {
  /** Gives the soundfont; asked again for each new worker, which takes the bytes. */
  readonly read: () => Promise<ArrayBuffer>;
  /** Hertz. */
  readonly sampleRate: number;
}

/** Another soundfont. */
interface FontLoad extends Omit<FontOptions, "soundfont"> {
  readonly read: () => Promise<ArrayBuffer>;
}

/** The renderer as the game's thread sees it. Every promise settles, whatever happens to the worker. */
export interface RendererClient {
  /** As `RendererService.load`, or as `read` does; rejects with `RendererLostError` too, as all calls do. */
  load(options: RendererLoad): Promise<void>;
  /** As `RendererService.addFont`, or as `read` does. A new worker has it no more. */
  addFont(font: FontLoad): Promise<void>;
  render(request: RenderRequest): Promise<RenderedChunk>;
  release(take: string): void;
  recycle(memory: readonly ArrayBuffer[]): void;
  /** Replaces the worker, dead or alive, and reads and opens the soundfont again if it was asked for before. */
  restart(): Promise<void>;
  /** Ends the worker. Open and later calls reject with `RendererLostError`. */
  dispose(): void;
}

/** In milliseconds. A soundfont of 2 MB opens in a fraction of a second, on a device that is busy with other things in many. */
const OPENING = 8_000;
/** One of 64 MB is read byte by byte: meanwhile the worker gives no sign of life, and chunks wait for it. */
const OPENING_LARGE = 20_000;
/** No worker gets more than this. */
const LONGEST = 60_000;

const realWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** Starts the worker. */
export function createRendererClient(options: RendererClientOptions): RendererClient {
  const { watchdog, onLost, onAnswer, makeWorker = realWorker } = options;
  /** Whether the worker has rendered something, and how many before it never did. */
  let isProven = false;
  let unproven = 0;
  const longer = (patience: number): number => Math.min(LONGEST, patience * 2 ** unproven);
  const patience = (): number => (isProven ? watchdog : longer(2 * watchdog));
  const open = (): Link<RendererService> =>
    openLink(makeWorker(), {
      name: "the render worker",
      lost: (reason) => new RendererLostError(reason),
      onLost: (reason) => {
        if (!isProven) unproven += 1;
        onLost?.(new RendererLostError(reason));
      },
      onAnswer,
    });
  let link = open();
  let loaded: RendererLoad | undefined;
  const load = async ({ read, sampleRate }: RendererLoad): Promise<void> => {
    const mine = link;
    const soundfont = await read();
    const options = transfer({ soundfont, sampleRate }, [soundfont]);
    await mine.call(
      () => longer(OPENING),
      (remote) => remote.load(options),
    );
  };
  return {
    load(wanted) {
      loaded = wanted;
      return load(wanted);
    },
    async addFont({ read, ...font }) {
      const mine = link;
      const soundfont = await read();
      const options = transfer({ ...font, soundfont }, [soundfont]);
      await mine.call(
        () => OPENING_LARGE,
        (remote) => remote.addFont(options),
      );
    },
    async render(request) {
      const mine = link;
      const chunk = await mine.call(patience, (remote) => remote.render(request));
      if (mine === link) {
        isProven = true;
        unproven = 0;
        // What waits with the patience for a first chunk need not wait so long any more.
        mine.signOfLife();
      }
      return chunk;
    },
    release(take) {
      // A lost worker has forgotten the take already.
      link.call(patience, (remote) => remote.release(take)).catch(() => undefined);
    },
    recycle(memory) {
      const moved = transfer([...memory], [...memory]);
      // A lost worker has no use for it.
      link.call(patience, (remote) => remote.recycle(moved)).catch(() => undefined);
    },
    async restart() {
      link.close("the render worker was restarted");
      isProven = false;
      link = open();
      if (loaded !== undefined) await load(loaded);
    },
    dispose: () => link.close("the renderer was disposed"),
  };
}
