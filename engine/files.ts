import type { FilePlaces } from "./assets.ts";
import type { ReadModelFile } from "./generator/service.ts";
import type { Loader } from "./loader-worker/client.ts";
import type { FileKind, LoadNews, LoadProblem, WantedFile } from "./loader-worker/service.ts";
import { PaletteError } from "./renderer-worker/errors.ts";

/** How much of the files of one kind has come. */
export interface FileProgress {
  readonly what: FileKind;
  readonly loadedBytes: number;
  /** 0 while it is not known. */
  readonly totalBytes: number;
  /** `stalled`: no byte for ten seconds, or the connection broke; another try follows. */
  readonly state: "loading" | "stalled" | "ready";
}

export interface FileEvents {
  progress(progress: FileProgress): void;
  /** A try failed. */
  failed(problem: LoadProblem, message: string): void;
  /** The browser keeps nothing for the next visit. */
  notKept(message: string): void;
}

/** The heavy files of one soundtrack. */
export interface Files {
  /** Rejects with `PaletteError`, with `NetworkError` when all tries have failed, or with `LoaderLostError`. */
  readonly palette: () => Promise<ArrayBuffer>;
  /** The soundfont of the orchestra; rejects likewise. */
  readonly orchestra: () => Promise<ArrayBuffer>;
  readonly model: ReadModelFile;
}

/** Reads files from their places, and tells how far they are. */
export function openFiles(places: FilePlaces, loader: Loader, events: FileEvents): Files {
  const { cache, modelName, runtimeChecks, runtimeUrls } = places;
  const read = async (
    file: Omit<WantedFile, "cache">,
    meter: (news: LoadNews) => void,
  ): Promise<ArrayBuffer> =>
    loader.read({ ...file, cache }, (news) => {
      if (news.kind === "not-kept") events.notKept(news.message);
      if (news.kind === "failed") events.failed(news.problem, news.message);
      meter(news);
    });
  const meters = {
    model: progressMeter("model", events),
    palette: progressMeter("palette", events),
    orchestra: progressMeter("orchestra", events),
    runtime: progressMeter("runtime", events),
  };

  const soundfont = async (
    kind: "palette" | "orchestra",
    file: Pick<WantedFile, "slot" | "url" | "check">,
  ): Promise<ArrayBuffer> => {
    try {
      return await read({ kind, ...file }, meters[kind](file.slot, file.check?.bytes));
    } catch (error) {
      const isRefused = error instanceof Error && REFUSED.has(error.name);
      throw isRefused ? new PaletteError(error.message, { cause: error }) : error;
    }
  };

  const palette = (): Promise<ArrayBuffer> => {
    const { soundfontUrl: url, soundfontCheck: check, soundfontName } = places;
    return soundfont("palette", { slot: `palette ${soundfontName}`, url, check });
  };

  const orchestra = (): Promise<ArrayBuffer> => {
    const { orchestraUrl: url, orchestraCheck: check } = places;
    return soundfont("orchestra", { slot: "orchestra", url, check });
  };

  const model: ReadModelFile = (file) => {
    switch (file.kind) {
      case "manifest": {
        const slot = `manifest ${modelName}`;
        // It is small: nobody waits for it.
        return read({ kind: "model", slot, url: places.manifestUrl }, () => undefined);
      }
      case "model": {
        const { backend, name, sha256, bytes, totalBytes } = file;
        const slot = `model ${modelName} ${backend}`;
        const url = places.modelUrls[backend] ?? new URL(name, places.manifestUrl).href;
        const check = { sha256, bytes };
        return read({ kind: "model", slot, url, check }, meters.model(slot, totalBytes));
      }
      case "runtime": {
        const { backend, backends } = file;
        const slot = `runtime ${backend}`;
        const total = backends.reduce((sum, each) => sum + runtimeChecks[each].bytes, 0);
        const [url, check] = [runtimeUrls[backend], runtimeChecks[backend]];
        return read({ kind: "runtime", slot, url, check }, meters.runtime(slot, total));
      }
    }
  };
  return { palette, orchestra, model };
}

/** The server has no such file, or a wrong one: nothing that another try would mend. */
const REFUSED: ReadonlySet<string> = new Set(["FileMissingError", "FileDamagedError"]);

/** Adds the files of one kind up. `totalBytes` is that of all files that will be asked for, where it is known. */
function progressMeter(
  what: FileKind,
  events: FileEvents,
): (slot: string, totalBytes: number | undefined) => (news: LoadNews) => void {
  const loaded = new Map<string, number>();
  return (slot, totalBytes) => (news) => {
    if (news.kind === "progress") loaded.set(slot, news.loadedBytes);
    else if (news.kind !== "failed") return;
    const loadedBytes = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
    const total = totalBytes ?? (news.kind === "progress" ? news.totalBytes : 0);
    const isReady = loadedBytes > 0 && loadedBytes === total;
    const state = news.kind === "failed" ? "stalled" : isReady ? "ready" : "loading";
    events.progress({ what, loadedBytes, totalBytes: total, state });
  };
}
