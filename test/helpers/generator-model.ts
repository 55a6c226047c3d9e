import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expose, wrap, type Remote } from "comlink";
import { createGeneratorService } from "../../engine/generator-worker/create-service.ts";
import type { GeneratorService, ReadModelFile } from "../../engine/generator/service.ts";
import type { ModelSize } from "../../engine/soundtrack-interface.ts";

/** Where a shipped model lies. */
export const shippedFile = (name: string, size: ModelSize = "full"): string =>
  fileURLToPath(new URL(`../../models/shipped/${size}/${name}`, import.meta.url));

/** Gives the files of a shipped model, with what a test changes about one. */
export const readShipped =
  (
    change: (name: string, bytes: Buffer) => Buffer = (_, bytes) => bytes,
    size: ModelSize = "full",
  ): ReadModelFile =>
  async (file) => {
    if (file.kind === "runtime") return undefined;
    const name = file.kind === "manifest" ? "model.json" : file.name;
    return new Uint8Array(change(name, await readFile(shippedFile(name, size)))).buffer;
  };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The service behind a real `MessageChannel`, as behind a worker; `close` frees it. */
export function serveGenerator(surroundings: {
  readonly now?: () => number;
  readonly pause?: (milliseconds: number) => Promise<void>;
}): { readonly remote: Remote<GeneratorService>; close(): void } {
  const { port1, port2 } = new MessageChannel();
  expose(
    createGeneratorService({
      now: surroundings.now ?? (() => Date.now()),
      clock: () => performance.now(),
      pause: surroundings.pause ?? turn,
      signOfLife: () => undefined,
    }),
    port1,
  );
  return {
    remote: wrap<GeneratorService>(port2),
    close: () => {
      port1.close();
      port2.close();
    },
  };
}
