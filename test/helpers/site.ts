import type { IncomingMessage } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview, type InlineConfig } from "vite";
import { shared } from "../../vite.config.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** A built page on a server of its own. */
export interface Site {
  readonly url: string;
  readonly folder: string;
  /** Paths that were asked for so far, each once, in order. */
  readonly requested: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Both workers come from a `worker.ts`: their folder names them. */
const workerName = (module: string | null): string =>
  /([^/]+-worker)\/worker\.ts/.exec(module ?? "")?.[1] ?? "worker";

/** What all builds share: the project's own settings, production mode, workers with their names. */
export const buildConfig = (changes: InlineConfig): InlineConfig => ({
  ...shared,
  configFile: false,
  mode: "production",
  logLevel: "error",
  ...changes,
  worker: {
    ...shared.worker,
    ...changes.worker,
    rolldownOptions: {
      ...changes.worker?.rolldownOptions,
      output: {
        entryFileNames: ({ facadeModuleId }) => `assets/${workerName(facadeModuleId)}-[hash].js`,
      },
    },
  },
  build: { ...shared.build, ...changes.build, emptyOutDir: true, reportCompressedSize: false },
});

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "attacca-site-"));

/** Builds a page, by its path in `test/`, as a game would be built, and serves it with the headers of cross-origin isolation. */
export async function openSite(page: string, changes: InlineConfig["build"] = {}): Promise<Site> {
  const file = path(`../${page}`);
  const folder = await temporaryFolder();
  const config = buildConfig({
    root: dirname(file),
    publicDir: false,
    build: { ...changes, outDir: folder, rolldownOptions: { input: file } },
  });
  await build(config);
  const server = await preview({
    ...config,
    preview: { ...shared.preview, host: "127.0.0.1", port: 0 },
  });
  const requested = new Set<string>();
  server.httpServer.prependListener("request", ({ url }: IncomingMessage) => {
    requested.add(new URL(url ?? "/", "http://localhost").pathname);
  });
  const origin = server.resolvedUrls?.local[0];
  if (origin === undefined) throw new Error("the page's server has no address");
  return {
    url: new URL(basename(page), origin).href,
    folder,
    requested,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
