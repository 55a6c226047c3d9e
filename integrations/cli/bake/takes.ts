import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { readAuthoredFiles } from "../../../engine/authored-files.ts";
import type { Score } from "../../../engine/score/score.ts";
import { inOneLine } from "./bake-error.ts";
import { decodeFile } from "./decode-file.ts";
import { sha256 } from "./hashes.ts";
import type { Pcm } from "./tape-voice.ts";

/** The composer's own audio, by the names of its takes. */
export interface GivenTakes {
  readonly pcm: ReadonlyMap<string, Pcm>;
  /** Of the files that were read, by their paths in the score. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Takes that cannot be played, in words: their stems are generated. */
  readonly remarks: readonly string[];
}

/** Reads the takes that a score plays; the files lie beside `scoreFile`. */
export async function readTakes(
  score: Score,
  scoreFile: string,
  sampleRate: number,
): Promise<GivenTakes> {
  const pcm = new Map<string, Pcm>();
  const hashes: Record<string, string> = {};
  const remarks: string[] = [];
  await readAuthoredFiles(score, {
    read: async (path) => {
      const bytes = await readFile(resolve(dirname(scoreFile), path)).catch((error: unknown) => {
        throw new Error(inOneLine(error));
      });
      hashes[path] = sha256(bytes);
      return bytes;
    },
    decode: (bytes, most) => decodeFile(bytes, { sampleRate, most }),
    sampleRate,
    decoded: (name, samples) => {
      if (samples !== undefined) pcm.set(name, samples);
    },
    fault: (_code, message) => remarks.push(`${message}; its stems are generated`),
  });
  const inOrder = Object.entries(hashes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { pcm, hashes: Object.fromEntries(inOrder), remarks: remarks.toSorted() };
}
