import { rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "./make-folder.ts";

/**
 * The files of a piece. Each is written under another name and takes its own when all are whole, so that
 * no half-written file is ever found there.
 */
export interface Output {
  /** What has been placed, and where it lies until it has its name. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** Where to write a file of that name, such as `stems/bass.wav`. Rejects as `node:fs` does. */
  place(name: string): Promise<string>;
  /** Takes a file back that is not wanted after all. */
  drop(name: string): void;
  /** Gives all files their names. Rejects as `node:fs` does. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): void;
}

/** Is told which half-written files there are, so that a signal can have them removed. */
export interface PartFiles {
  opened(path: string): void;
  closed(path: string): void;
}

const partial = (file: string): string => `${file}.part`;

export function openOutput(folder: string, parts: PartFiles): Output {
  const names = new Set<string>();
  const pathOf = (name: string): string => partial(join(folder, name));
  const remove = (name: string): void => {
    rmSync(pathOf(name), { force: true });
    names.delete(name);
    parts.closed(pathOf(name));
  };
  return {
    get files() {
      return [...names].map((name) => ({ name, path: pathOf(name) }));
    },
    async place(name) {
      await makeFolder(dirname(join(folder, name)));
      names.add(name);
      parts.opened(pathOf(name));
      return pathOf(name);
    },
    drop: remove,
    async commit() {
      for (const name of [...names]) {
        await rename(pathOf(name), join(folder, name));
        names.delete(name);
        parts.closed(pathOf(name));
      }
    },
    discard() {
      for (const name of names) remove(name);
    },
  };
}
