import { bakeAll } from "./bake-all.ts";
import { BakeError, inOneLine } from "./bake-error.ts";
import { jobsOf } from "./jobs.ts";
import { BAKE_USAGE, readOptions, type BakeOptions } from "./options.ts";

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
    console.error(`${inOneLine(error)} (attacca bake --help)`);
    return 2;
  }
  try {
    const jobs = await jobsOf(options);
    if (jobs.length > 0) await bakeAll(jobs, options);
    else console.log("there are fewer pieces than shards: this one has none");
    return 0;
  } catch (error) {
    console.error(error instanceof BakeError ? error.message : inOneLine(error));
    return 1;
  }
}
