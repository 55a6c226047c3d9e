import { download, type Network } from "./download.ts";
import { FailedTry, messageOf } from "./errors.ts";
import type { FileCache } from "./file-cache.ts";
import { checkBytes } from "./hash.ts";
import type { LoaderService, LoadNews, WantedFile } from "./service.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Tell = (news: LoadNews) => void;

/** A file on its way, and all who wait for it. */
interface Reading {
  readonly bytes: Promise<Bytes>;
  readonly listeners: Set<Tell>;
}

/** A sign of life for whoever watches the worker, while nothing happens. */
const SIGN_OF_LIFE_MS = 5000;

/** The service of the worker, without the worker. */
export function createLoader(network: Network, cache: FileCache): LoaderService {
  const readings = new Map<string, Reading>();
  /** What the browser would not keep, so that nothing is downloaded twice while the page is open. */
  const kept = new Map<string, Bytes>();

  function start(file: WantedFile, key: string): Reading {
    const listeners = new Set<Tell>();
    const tell: Tell = (news) => {
      for (const listener of listeners) listener(news);
    };
    const alive = setInterval(() => tell({ kind: "waiting" }), SIGN_OF_LIFE_MS);
    const bytes = read(file, key, tell).finally(() => {
      clearInterval(alive);
      readings.delete(key);
    });
    return { bytes, listeners };
  }

  async function read(file: WantedFile, key: string, tell: Tell): Promise<Bytes> {
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (file.check !== undefined) {
      const found = await foundIntact(file, tell);
      if (found !== undefined) return found;
    }
    const bytes = await (file.check === undefined
      ? newest(file, tell)
      : download(file, network, tell));
    try {
      await cache.keep(file, bytes);
    } catch (error) {
      tell({ kind: "not-kept", message: `${file.url} is not kept: ${messageOf(error)}` });
      if (file.check !== undefined) kept.set(key, bytes);
    }
    return bytes;
  }

  /** From the cache, if the bytes there are what they should be; others are removed. */
  async function foundIntact(file: WantedFile, tell: Tell): Promise<Bytes | undefined> {
    const found = await cache.find(file).catch(() => undefined);
    if (found === undefined) return undefined;
    try {
      await checkBytes(file, found, network.hashing);
      return found;
    } catch (error) {
      if (!(error instanceof FailedTry)) throw error;
      const { problem } = error;
      tell({ kind: "failed", problem, message: `in the cache: ${error.message}` });
      await cache.remove(file).catch(() => undefined);
      return undefined;
    }
  }

  /** Over the network; when that fails at the first try, what was kept from it. */
  async function newest(file: WantedFile, tell: Tell): Promise<Bytes> {
    const found = await cache.find(file).catch(() => undefined);
    if (found === undefined) return download(file, network, tell);
    const once = { ...network, patience: { ...network.patience, waits: [] } };
    return download(file, once, tell).catch(() => found);
  }

  return {
    async read(file, onNews) {
      const key = JSON.stringify([file.cache, file.url, file.check?.sha256]);
      const reading = readings.get(key) ?? start(file, key);
      readings.set(key, reading);
      reading.listeners.add(onNews);
      const bytes = await reading.bytes;
      onNews({ kind: "progress", loadedBytes: bytes.length, totalBytes: bytes.length });
      // They are transferred: who shares them gets a copy.
      const isShared = reading.listeners.size > 1 || kept.has(key);
      return isShared ? bytes.slice().buffer : bytes.buffer;
    },
  };
}
