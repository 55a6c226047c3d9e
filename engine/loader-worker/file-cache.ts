import type { WantedFile } from "./service.ts";

/** The part of `CacheStorage` that is used. */
export type Caches = Pick<CacheStorage, "open">;

/** Files of earlier visits, in the browser's Cache API, by what they are and their hash. */
export interface FileCache {
  /** The bytes as they were put there. Rejects where the browser refuses. */
  find(file: WantedFile): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps bytes and removes other versions of the file. Rejects where the browser refuses or has no room. */
  keep(file: WantedFile, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(file: WantedFile): Promise<void>;
}

/** No page lies there: the Cache API wants addresses for keys. */
const FOLDER = "/.attacca/";

/** `origin`: the page's. Undefined caches: an insecure page (http, not localhost) has none. */
export function createFileCache(caches: Caches | undefined, origin: string): FileCache {
  const open = async ({ cache }: WantedFile): Promise<Cache> => {
    if (caches === undefined) throw new Error("this page has no Cache API (https only)");
    return caches.open(cache);
  };
  const slotOf = ({ slot }: WantedFile): string =>
    new URL(`${FOLDER}${encodeURIComponent(slot)}/`, origin).href;
  const keyOf = (file: WantedFile): string =>
    `${slotOf(file)}${file.check?.sha256 ?? encodeURIComponent(file.url)}`;

  async function removeOthers(cache: Cache, file: WantedFile): Promise<void> {
    const [slot, key] = [slotOf(file), keyOf(file)];
    for (const { url } of await cache.keys()) {
      if (url.startsWith(slot) && url !== key) await cache.delete(url);
    }
  }

  return {
    async find(file) {
      const found = await (await open(file)).match(keyOf(file));
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async keep(file, bytes) {
      const cache = await open(file);
      const put = (): Promise<void> => cache.put(keyOf(file), new Response(bytes));
      try {
        await put();
      } catch {
        // No room, perhaps: the old version makes some.
        await removeOthers(cache, file);
        await put();
      }
      await removeOthers(cache, file);
    },
    async remove(file) {
      await (await open(file)).delete(keyOf(file));
    },
  };
}
