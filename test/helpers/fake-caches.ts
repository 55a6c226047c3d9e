import type { Caches } from "../../engine/loader-worker/file-cache.ts";

/** As much of the browser's Cache API as the loader uses, in memory. */
export interface FakeCaches extends Caches {
  /** Addresses that are kept, of all caches. */
  readonly keys: () => readonly string[];
  /** Changes what is kept, as a broken disk would. */
  readonly spoil: () => void;
}

const urlOf = (key: RequestInfo | URL): string => new Request(key).url;

/** `room`: bytes that fit, in all; what does not is refused as browsers do. */
export function fakeCaches(room = Infinity): FakeCaches {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const used = (): number => [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  const cache: Pick<Cache, "match" | "put" | "delete" | "keys"> = {
    match: async (key) => {
      const found = kept.get(urlOf(key));
      return found && new Response(found);
    },
    put: async (key, response) => {
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (used() + bytes.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(urlOf(key), bytes);
    },
    delete: async (key) => kept.delete(urlOf(key)),
    keys: async () => [...kept.keys()].map((key) => new Request(key)),
  };
  return {
    open: async () => cache as Cache,
    keys: () => [...kept.keys()],
    spoil: () => {
      for (const bytes of kept.values()) bytes[0] = (bytes[0] ?? 0) ^ 1;
    },
  };
}
