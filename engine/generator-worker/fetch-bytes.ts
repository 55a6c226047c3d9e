import { generatorError, messageOf } from "./errors.ts";

/** The part of `fetch` that is used, so that a test or a script can read files instead. */
export type FetchLike = (url: string) => Promise<Response>;

/**
 * Reads a resource and tells how many bytes have come so far. Rejects with `ModelFetchError` where it
 * is not to be had and with `NetworkError` where another try may succeed; both name the address.
 */
export async function fetchBytes(
  fetch: FetchLike,
  url: string,
  onProgress: (loadedBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const fail = (reason: string, cause?: unknown): Error =>
    generatorError("ModelFetchError", `cannot fetch ${url}: ${reason}`, cause);
  try {
    const response = await fetch(url);
    if (!response.ok && response.status < 500) throw fail(`status ${response.status}`);
    if (!response.ok) throw new Error(`status ${response.status}`);
    if (response.body === null) throw fail("empty body");
    const chunks: Uint8Array[] = [];
    let loaded = 0;
    const stream = response.body.getReader();
    for (let part = await stream.read(); !part.done; part = await stream.read()) {
      chunks.push(part.value);
      loaded += part.value.length;
      onProgress(loaded);
    }
    const bytes = new Uint8Array(loaded);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    if (error instanceof Error && error.name === "ModelFetchError") throw error;
    throw generatorError("NetworkError", `cannot fetch ${url}: ${messageOf(error)}`, error);
  }
}

/**
 * Compares the bytes with the manifest's hash: a graph with damaged weights opens without complaint.
 * Rejects with `ModelHashError`, which names both hashes, and with `ModelFetchError` on an insecure
 * page (http, not localhost), where browsers offer no hashing.
 */
export async function checkHash(
  bytes: Uint8Array<ArrayBuffer>,
  expected: string,
  file: string,
): Promise<void> {
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (subtle === undefined) {
    throw generatorError("ModelFetchError", `${file}: hashes need a secure context (https)`);
  }
  const digest = await subtle.digest("SHA-256", bytes);
  const found = Array.from(new Uint8Array(digest), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  if (found !== expected) {
    throw generatorError("ModelHashError", `${file}: expected sha256 ${expected}, found ${found}`);
  }
}
