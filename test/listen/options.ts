import { parseArgs } from "node:util";
import { PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";

export const INTENSITIES = [0.2, 0.5, 0.9] as const;

export interface ListenOptions {
  /** Folder of clips, pictures and page. */
  readonly out: string;
  readonly palettes: readonly string[];
  readonly seed: number;
}

export const USAGE = `npm run listen -- [--out FOLDER] [--palette NAME]… [--seed NUMBER]
  --out FOLDER    where the page, its clips and pictures go; default: bench-results/listen
  --palette NAME  one of ${PALETTE_NAMES.join(", ")}; may be repeated; default: all
  --seed NUMBER   of the notes; default: 7`;

/** Reads the command line. Throws `RangeError` on a palette that does not exist, as `parseArgs` does on others. */
export function parseOptions(args: readonly string[]): ListenOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: "bench-results/listen" },
      palette: { type: "string", multiple: true, default: [] },
      seed: { type: "string", default: "7" },
    },
  });
  const unknown = values.palette.find((name) => !PALETTE_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`--palette must be one of ${PALETTE_NAMES.join(", ")}, got ${unknown}`);
  }
  const seed = Number(values.seed);
  if (!/^\d+$/.test(values.seed) || !Number.isSafeInteger(seed)) {
    throw new RangeError(`--seed must be a whole number, got ${values.seed}`);
  }
  const palettes = values.palette.length > 0 ? values.palette : PALETTE_NAMES;
  return { out: values.out, palettes, seed };
}
