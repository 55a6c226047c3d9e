import { parseArgs } from "node:util";

export interface Options {
  readonly minutes: number;
  readonly seed: number;
  /** Where the report is written; nowhere without it. */
  readonly json: string | undefined;
}

export const USAGE = `npm run soak -- [--minutes N] [--seed N] [--json FILE]
  --minutes N  how long it plays, default 5; 60 shows what an hour does
  --seed N     another game, default 1
  --json FILE  write the report as JSON too`;

/** Reads the command line. Throws `RangeError` on what is no number, as `parseArgs` does on unknown options. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (!(minutes > 0 && minutes < Infinity)) {
    throw new RangeError(`--minutes must be a number above 0, got ${values.minutes}`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`--seed must be a whole number, got ${values.seed}`);
  }
  return { minutes, seed, json: values.json };
}
