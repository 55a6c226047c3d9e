import { rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { saying } from "./bake-error.ts";
import { openGrowingFile, type GrowingFile } from "./growing-file.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * The files of a piece. Each is written under another name and takes its own when all are whole, so that
 * no half-written file is ever found there.
 */
export interface Output {
  /** What has been created, and where it lies until it has its name. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** Begins a file of that name, such as `stems/bass.wav`. Rejects as `node:fs` does, or as the file does. */
  create(name: string): Promise<GrowingFile>;
  /** Writes a file from its beginning to its end. Rejects as `create` does. */
  write(name: string, data: Uint8Array): Promise<void>;
  /**
   * Gives all files, which must be closed, their names: in the order in which they were created, so that the last
   * is there only where all are. Rejects with `BakeError`.
   */
  commit(): Promise<void>;
  /** Closes and removes what was written. */
  discard(): Promise<void>;
}

/** Is told which half-written files there are, so that a signal can have them removed. */
export interface PartFiles {
  opened(path: string): void;
  closed(path: string): void;
}

const partial = (file: string): string => `${file}.part`;

export function openOutput(folder: string, parts: PartFiles): Output {
  const files = new Map<string, GrowingFile | undefined>();
  const pathOf = (name: string): string => partial(join(folder, name));
  const forget = (name: string): void => {
    files.delete(name);
    parts.closed(pathOf(name));
  };
  const create = async (name: string): Promise<GrowingFile> => {
    await makeFolder(dirname(join(folder, name)));
    files.set(name, undefined);
    parts.opened(pathOf(name));
    const file = await openGrowingFile(pathOf(name));
    files.set(name, file);
    return file;
  };
  return {
    get files() {
      return [...files.keys()].map((name) => ({ name, path: pathOf(name) }));
    },
    create,
    async write(name, data) {
      const file = await create(name);
      await file.append(data);
      await file.close();
    },
    async commit() {
      const names = [...files.keys()];
      // What an earlier bake left must not vouch for a mixture of its files and these.
      const last = names.at(-1);
      if (last !== undefined) await rm(join(folder, last), { force: true });
      for (const name of names) {
        const file = join(folder, name);
        await saying(file, rename(pathOf(name), file));
        forget(name);
      }
    },
    async discard() {
      for (const [name, file] of files) {
        // Whatever closing says: it was the writing that failed.
        await file?.close().catch(() => undefined);
        rmSync(pathOf(name), { force: true });
        forget(name);
      }
    },
  };
}
