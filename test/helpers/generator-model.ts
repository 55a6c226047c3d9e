import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expose, wrap, type Remote } from "comlink";
import { createGeneratorService } from "../../engine/generator-worker/create-service.ts";
import type { FetchLike } from "../../engine/generator-worker/fetch-bytes.ts";
import type { GeneratorService } from "../../engine/generator/service.ts";
import type { ModelSize } from "../../engine/soundtrack-interface.ts";

/** Address of the shipped model; `fetchShipped` reads it from the disk. */
export const MANIFEST_URL = "https://models.test/full/model.json";

/** Where a shipped model lies. */
export const shippedFile = (name: string, size: ModelSize = "full"): string =>
  fileURLToPath(new URL(`../../models/shipped/${size}/${name}`, import.meta.url));

/** A `fetch` that serves the shipped model, with what a test changes about a file. */
export const fetchShipped =
  (
    change: (name: string, bytes: Uint8Array<ArrayBuffer>) => BodyInit | undefined = (_, b) => b,
  ): FetchLike =>
  async (url) => {
    const name = new URL(url).pathname.split("/").at(-1) ?? "";
    const body = change(name, new Uint8Array(await readFile(shippedFile(name))));
    return body === undefined
      ? new Response("not here", { status: 404 })
      : new Response(body, { status: 200 });
  };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The service behind a real `MessageChannel`, as behind a worker; `close` frees it. */
export function serveGenerator(surroundings: {
  readonly fetch?: FetchLike;
  readonly now?: () => number;
  readonly pause?: (milliseconds: number) => Promise<void>;
}): { readonly remote: Remote<GeneratorService>; close(): void } {
  const { port1, port2 } = new MessageChannel();
  expose(
    createGeneratorService({
      fetch: surroundings.fetch ?? fetchShipped(),
      now: surroundings.now ?? (() => Date.now()),
      clock: () => performance.now(),
      pause: surroundings.pause ?? turn,
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
