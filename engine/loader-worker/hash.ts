import { FailedTry, loaderError } from "./errors.ts";
import type { WantedFile } from "./service.ts";

/** The part of `SubtleCrypto` that is used. */
export type Hashing = Pick<SubtleCrypto, "digest">;

/**
 * Compares bytes with the hash that is expected of a file, if one is: a model with damaged weights opens
 * without complaint. Rejects with `FailedTry`, which names both hashes. An insecure page (http, not
 * localhost) has no hashing: there a soundfont is taken as it comes, since the synthesiser reads it with care,
 * and all else rejects with `FileDamagedError`.
 */
export async function checkBytes(
  { url, kind, check }: WantedFile,
  bytes: Uint8Array<ArrayBuffer>,
  hashing: Hashing | undefined,
): Promise<void> {
  if (check === undefined) return;
  if (hashing === undefined) {
    if (kind === "palette" || kind === "orchestra") return;
    throw loaderError("FileDamagedError", `${url}: hashes need a secure context (https)`);
  }
  const digest = new Uint8Array(await hashing.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found === check.sha256) return;
  throw new FailedTry("damaged", `${url}: expected sha256 ${check.sha256}, found ${found}`);
}
