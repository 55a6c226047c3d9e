import { parseArgs } from "node:util";

export interface WalkOptions {
  /** Of real time. */
  readonly minutes: number;
  /** Folder of what was recorded. */
  readonly out: string;
  /** Pixels of the window. */
  readonly size: { readonly width: number; readonly height: number };
}

export const USAGE = `npm run walk -- [--minutes N] [--size WxH] [--out FOLDER]
  --minutes N   how long one walks, default 3; of that the first three are recorded
  --size WxH    of the window, default 640x360: a machine without a graphics card draws no larger one in time
  --out FOLDER  where walk.wav, cues.txt and walk.json go; default: bench-results/walk`;

/** Reads the command line. Throws `RangeError` on what is no number or size, as `parseArgs` does on unknown options. */
export function parseOptions(args: readonly string[]): WalkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "3" },
      size: { type: "string", default: "640x360" },
      out: { type: "string", default: "bench-results/walk" },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.5 && minutes < Infinity)) {
    throw new RangeError(`--minutes must be a number from 0.5, got ${values.minutes}`);
  }
  const [, width = "", height = ""] = /^(\d{3,4})x(\d{3,4})$/.exec(values.size) ?? [];
  if (width === "") throw new RangeError(`--size must be such as 640x360, got ${values.size}`);
  return { minutes, out: values.out, size: { width: Number(width), height: Number(height) } };
}
