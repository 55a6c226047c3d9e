import { mkdir } from "node:fs/promises";
import { BakeError, inOneLine } from "./bake-error.ts";
import { bakeJob } from "./bake-job.ts";
import { builtInScore } from "./built-in.ts";
import type { Job } from "./job.ts";
import { BAKE_USAGE, readOptions, type BakeOptions } from "./options.ts";
import { createParts } from "./parts.ts";
import { showProgress } from "./progress.ts";
import { employStaff, type Staff } from "./staff.ts";

/**
 * Runs `attacca bake` with the arguments after its name. Resolves to the status: 0 all is baked, 1 it could not
 * be, 2 the command was not understood. What went wrong is told on the error stream in one line, but for the
 * mistakes of a score, which have a line each.
 */
export async function runBake(args: readonly string[]): Promise<0 | 1 | 2> {
  if (args.includes("--help")) {
    console.log(BAKE_USAGE);
    return 0;
  }
  let options: BakeOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${inOneLine(error)}\n${BAKE_USAGE}`);
    return 2;
  }
  try {
    await bakeAll(jobsOf(options), options);
    return 0;
  } catch (error) {
    console.error(error instanceof BakeError ? error.message : inOneLine(error));
    return 1;
  }
}

/** What the options ask for, piece by piece. Throws `BakeError`. */
function jobsOf(options: BakeOptions): readonly Job[] {
  const { score: file, seed, dials, location, duration, intensity, loops } = options;
  const score: Job["score"] =
    file === undefined ? { kind: "built-in", ...builtInScore(dials) } : { kind: "file", file };
  const { mood } = dials;
  return [
    { name: "", score, seed, wish: { kind: "track", mood, location, duration, intensity, loops } },
  ];
}

async function bakeAll(jobs: readonly Job[], { out, settings }: BakeOptions): Promise<void> {
  await mkdir(out, { recursive: true });
  const parts = createParts();
  const progress = showProgress(jobs.length);
  let staff: Promise<Staff> | undefined;
  try {
    for (const [index, job] of jobs.entries()) {
      const baked = await bakeJob(job, {
        folder: out,
        settings,
        parts,
        staff: () => (staff ??= employStaff(settings)),
        progress: (share) => progress.at(index, share),
      });
      progress.done(baked);
    }
  } finally {
    progress.stop();
    parts.stop();
    await (await staff?.catch(() => undefined))?.dispose();
  }
}
