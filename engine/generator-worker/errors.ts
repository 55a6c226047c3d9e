/** The names by which callers tell the generator's errors apart: a worker boundary keeps no classes. */
export type GeneratorErrorName =
  "ManifestError" | "BackendError" | "GenerationError" | "GeneratorLostError";

/** An error that keeps its meaning across the worker boundary. */
export function generatorError(name: GeneratorErrorName, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
