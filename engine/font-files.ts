import type { FileReader } from "./file-reader.ts";
import { MOST_FONT_BYTES, tooLarge } from "./font-limits.ts";

/**
 * Reads the soundfonts that a score names by their paths; each time anew, as whoever takes the bytes keeps them.
 * Rejects with an `Error` of one line for a file that cannot be had, and for one with which all of them have
 * more than 64 MB.
 */
export function openFontFiles(
  readFile: FileReader | undefined,
): (path: string) => Promise<ArrayBuffer> {
  const sizes = new Map<string, number>();
  return async (path) => {
    sizes.delete(path);
    const left = MOST_FONT_BYTES - [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const bytes = bytesOf(await (readFile?.(path) ?? fetchUpTo(path, left)));
    if (bytes.length > left) throw tooLarge(bytes.length);
    sizes.set(path, bytes.length);
    // They are transferred, and a game may keep what it has given.
    return new Uint8Array(bytes).buffer;
  };
}

/** Whatever a game gives that was not compiled. */
function bytesOf(given: unknown): Uint8Array {
  if (given instanceof Uint8Array) return given;
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  throw new Error("the game gave no bytes for it");
}

/** From beside the page. What is larger is not fetched to its end. */
async function fetchUpTo(path: string, most: number): Promise<ArrayBuffer> {
  const abort = new AbortController();
  const response = await fetch(new URL(path, document.baseURI), { signal: abort.signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const refuse = (bytes: number): void => {
    if (bytes <= most) return;
    abort.abort();
    throw tooLarge(bytes);
  };
  refuse(Number(response.headers.get("content-length") ?? 0));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const stream = response.body?.getReader();
  for (let part = await stream?.read(); part?.done === false; part = await stream?.read()) {
    parts.push(part.value);
    loaded += part.value.length;
    refuse(loaded);
  }
  return new Blob(parts).arrayBuffer();
}
