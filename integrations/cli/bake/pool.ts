import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { BakedJob } from "./bake-job.ts";
import type { Baker } from "./bake-all.ts";
import { BakeError } from "./bake-error.ts";
import type { Job, Settings } from "./job.ts";
import type { PartFiles } from "./output.ts";

/** What a thread is started with. */
export interface BakeThread {
  readonly out: string;
  readonly settings: Settings;
}

/** What a thread tells of the piece that it was given. */
export type ThreadNews =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "opened"; readonly path: string }
  | { readonly kind: "closed"; readonly path: string }
  | { readonly kind: "baked"; readonly baked: BakedJob }
  /** In one line. */
  | { readonly kind: "failed"; readonly message: string };

/** In the package the compiled file lies here; in the repository its source, which a thread reads with `tsx`. */
const IS_SOURCE = import.meta.url.endsWith(".ts");
const ENTRY = new URL(IS_SOURCE ? "./bake-worker.ts" : "./bake-worker.js", import.meta.url);

function startThread(workerData: BakeThread): Worker {
  if (!IS_SOURCE) return new Worker(ENTRY, { workerData });
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const api = new URL("./dist/esm/api/index.mjs", tsx);
  const script = `import("${api.href}").then(({ register }) => {
    register();
    return import("${ENTRY.href}");
  });`;
  return new Worker(script, { workerData, eval: true });
}

interface PoolOptions extends BakeThread {
  readonly count: number;
  readonly parts: PartFiles;
}

/** Threads that bake a piece at a time, each with a model and synthesisers of its own. */
export const employPool = ({ out, settings, count, parts }: PoolOptions): readonly Baker[] =>
  Array.from({ length: count }, () => employThread({ out, settings }, parts));

function employThread(workerData: BakeThread, parts: PartFiles): Baker {
  const worker = startThread(workerData);
  return {
    bake: (job: Job, progress) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          worker.off("message", hear);
          worker.off("error", fail);
          worker.off("exit", leave);
        };
        const fail = (error: Error): void => {
          done();
          reject(error);
        };
        const leave = (): void => fail(new BakeError("a thread ended before its piece was baked"));
        const hear = (news: ThreadNews): void => {
          if (news.kind === "progress") progress(news.share);
          else if (news.kind === "opened") parts.opened(news.path);
          else if (news.kind === "closed") parts.closed(news.path);
          else if (news.kind === "failed") fail(new BakeError(news.message));
          else {
            done();
            resolve(news.baked);
          }
        };
        worker.on("message", hear);
        worker.on("error", fail);
        worker.on("exit", leave);
        // Threads have no origin.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(job);
      }),
    dispose: async () => {
      await worker.terminate();
    },
  };
}
