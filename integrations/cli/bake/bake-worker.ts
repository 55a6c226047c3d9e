import { parentPort, workerData } from "node:worker_threads";
import { bakeHere } from "./bake-all.ts";
import { BakeError, inOneLine } from "./bake-error.ts";
import type { Job } from "./job.ts";
import type { BakeThread, ThreadNews } from "./pool.ts";

/** A thread of `pool.ts`: a job comes in, news of it go out. */
// Threads have no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const tell = (news: ThreadNews): void => parentPort?.postMessage(news);

const { out, settings }: BakeThread = workerData;
const baker = bakeHere(out, settings, {
  opened: (path) => tell({ kind: "opened", path }),
  closed: (path) => tell({ kind: "closed", path }),
});

parentPort?.on("message", (job: Job) => {
  baker
    .bake(job, (share) => tell({ kind: "progress", share }))
    .then(
      (baked) => tell({ kind: "baked", baked }),
      (error: unknown) =>
        tell({
          kind: "failed",
          message: error instanceof BakeError ? error.message : inOneLine(error),
        }),
    );
});
