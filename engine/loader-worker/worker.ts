import { expose, transfer } from "comlink";
import type { Milliseconds } from "../time/units.ts";
import { PATIENCE } from "./download.ts";
import { createFileCache, type Caches } from "./file-cache.ts";
import type { Hashing } from "./hash.ts";
import { createLoader } from "./loader.ts";
import type { LoaderService } from "./service.ts";

/** A page without a network waits for one, not for the end of the time. */
const wait = (time: Milliseconds): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, time);
    addEventListener("online", over);
  });

// On an insecure page both are missing, whatever the types say.
const hashing: Hashing | undefined = crypto.subtle;
const caches: Caches | undefined = "caches" in self ? self.caches : undefined;

const loader = createLoader(
  {
    fetch: (url, init) => fetch(url, init),
    isOnline: () => navigator.onLine,
    wait,
    hashing,
    patience: PATIENCE,
  },
  createFileCache(caches, location.origin),
);
const served: LoaderService = {
  read: async (file, onNews) => {
    const bytes = await loader.read(file, onNews);
    return transfer(bytes, [bytes]);
  },
};
expose(served);
