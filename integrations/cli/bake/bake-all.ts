import { bakeJob, type BakedJob } from "./bake-job.ts";
import type { Job, Settings } from "./job.ts";
import { makeFolder } from "./make-folder.ts";
import { createParts } from "./parts.ts";
import type { PartFiles } from "./output.ts";
import { employPool } from "./pool.ts";
import { showProgress } from "./progress.ts";
import { employStaff, type Staff } from "./staff.ts";

export interface BakeAllOptions {
  readonly out: string;
  readonly settings: Settings;
  /** Pieces baked at once, each in a thread with a model of its own. */
  readonly jobs: number;
}

/** Bakes one piece at a time: in this thread or in another. */
export interface Baker {
  bake(job: Job, progress: (share: number) => void): Promise<BakedJob>;
  dispose(): Promise<void>;
}

/** Bakes pieces, several at once. The first that fails ends it; what is baked by then stays. */
export async function bakeAll(
  jobs: readonly Job[],
  { out, settings, jobs: wanted }: BakeAllOptions,
): Promise<void> {
  await makeFolder(out);
  const parts = createParts();
  const progress = showProgress(jobs.length);
  const count = Math.min(wanted, jobs.length);
  const bakers =
    count <= 1 ? [bakeHere(out, settings, parts)] : employPool({ out, settings, count, parts });
  let next = 0;
  const work = async (baker: Baker): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (job === undefined) return;
      progress.done(await baker.bake(job, (share) => progress.at(index, share)));
    }
  };
  try {
    await Promise.all(bakers.map(work));
  } finally {
    progress.stop();
    await Promise.all(bakers.map((baker) => baker.dispose()));
    parts.removeAll();
  }
}

/** In this thread. */
export function bakeHere(folder: string, settings: Settings, parts: PartFiles): Baker {
  let staff: Promise<Staff> | undefined;
  return {
    bake: (job, progress) =>
      bakeJob(job, {
        folder,
        settings,
        parts,
        progress,
        staff: (fonts) => (staff ??= employStaff({ ...settings, fonts })),
      }),
    dispose: async () => {
      await (await staff?.catch(() => undefined))?.dispose();
    },
  };
}
