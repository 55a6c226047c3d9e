import type { LoadProblem } from "./service.ts";

/** The names by which callers tell the loader's errors apart: a worker boundary keeps no classes. */
export type LoaderErrorName =
  "FileMissingError" | "FileDamagedError" | "NetworkError" | "LoaderLostError";

/** An error that keeps its meaning across the worker boundary. */
export function loaderError(name: LoaderErrorName, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

/** One try that failed. Stays inside this folder. */
export class FailedTry extends Error {
  readonly problem: LoadProblem;
  constructor(problem: LoadProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
