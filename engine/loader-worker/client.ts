import { proxy } from "comlink";
import { openLink, type Link, type WorkerLike } from "../worker-link/link.ts";
import { loaderError } from "./errors.ts";
import type { LoaderService, LoadNews, WantedFile } from "./service.ts";

/** The loader as one soundtrack sees it. */
export interface Loader {
  /** As `LoaderService.read`; rejects with `LoaderLostError` too when the worker is lost: ask again. */
  read(file: WantedFile, onNews: (news: LoadNews) => void): Promise<ArrayBuffer>;
  /** Open calls reject where nobody else uses the worker. */
  dispose(): void;
}

/** A worker that says nothing for so long, in milliseconds, is lost: it gives a sign of life every five seconds. */
const PATIENCE = 30_000;

const realWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** One worker for all soundtracks of the page, so that none fetches what another is fetching. */
let shared: Link<LoaderService> | undefined;
let users = 0;

function open(makeWorker: () => WorkerLike): Link<LoaderService> {
  const link: Link<LoaderService> = openLink(makeWorker(), {
    name: "the loader worker",
    lost: (reason) => loaderError("LoaderLostError", reason),
    onLost: () => {
      if (shared === link) shared = undefined;
    },
  });
  return link;
}

/** Joins the page's loader, and starts it when it is wanted first. `makeWorker` default: the real worker. */
export function openLoader(makeWorker: () => WorkerLike = realWorker): Loader {
  let isOpen = true;
  users += 1;
  return {
    read(file, onNews) {
      if (!isOpen) return Promise.reject(loaderError("LoaderLostError", "the loader was disposed"));
      shared ??= open(makeWorker);
      const link = shared;
      const hear = (news: LoadNews): void => {
        link.signOfLife();
        if (isOpen && news.kind !== "waiting") onNews(news);
      };
      return link.call(
        () => PATIENCE,
        (remote) => remote.read(file, proxy(hear)),
      );
    },
    dispose() {
      if (!isOpen) return;
      isOpen = false;
      users -= 1;
      if (users > 0) return;
      shared?.close("the loader was disposed");
      shared = undefined;
    },
  };
}
