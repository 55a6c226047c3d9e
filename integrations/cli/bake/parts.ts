import { rmSync } from "node:fs";
import type { PartFiles } from "./output.ts";

/** As shells count a program that a signal ended. */
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Keeps an account of half-written files, and removes them when a signal ends the program. */
export function createParts(): PartFiles & { stop(): void } {
  const paths = new Set<string>();
  const leave = (signal: keyof typeof STATUS): void => {
    for (const path of paths) rmSync(path, { force: true });
    process.stderr.write("\nstopped: no file was left half-written; the same command goes on\n");
    process.exit(STATUS[signal]);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, leave);
  return {
    opened: (path) => paths.add(path),
    closed: (path) => paths.delete(path),
    stop: () => {
      for (const signal of signals) process.off(signal, leave);
    },
  };
}
