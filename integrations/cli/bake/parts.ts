import { rmSync } from "node:fs";
import type { PartFiles } from "./output.ts";

/** Half-written files of this command, whichever thread writes them. */
export interface Parts extends PartFiles {
  /** Removes what is left of them, and listens to signals no more. */
  removeAll(): void;
}

/** As shells count a program that a signal ended. */
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Keeps an account of half-written files, and removes them when a signal ends the program. */
export function createParts(): Parts {
  const paths = new Set<string>();
  const remove = (): void => {
    for (const path of paths) rmSync(path, { force: true });
    paths.clear();
  };
  const leave = (signal: keyof typeof STATUS): void => {
    remove();
    process.stderr.write("\nstopped: no half-written file is left; the same command goes on\n");
    process.exit(STATUS[signal]);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, leave);
  return {
    opened: (path) => paths.add(path),
    closed: (path) => paths.delete(path),
    removeAll: () => {
      for (const signal of signals) process.off(signal, leave);
      remove();
    },
  };
}
