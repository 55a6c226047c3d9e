import { parseArgs } from "node:util";
import { PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";

const INTENSITIES = [0.2, 0.5, 0.9] as const;

export interface ListenOptions {
  /** Folder of clips, pictures and page. */
  readonly out: string;
  readonly palettes: readonly string[];
  /** Each within [0, 1]. */
  readonly intensities: readonly number[];
  readonly seed: number;
}

export const USAGE = `npm run listen -- [--out FOLDER] [--palette NAME]… [--intensity NUMBER]… [--seed NUMBER]
  --out FOLDER    where the page, its clips and pictures go; default: bench-results/listen
  --palette NAME  one of ${PALETTE_NAMES.join(", ")}; may be repeated; default: all
  --intensity X   within [0, 1]; may be repeated; default: ${INTENSITIES.join(", ")}
  --seed NUMBER   of the notes; default: 7`;

/** Reads the command line. Throws `RangeError` on a palette that does not exist, as `parseArgs` does on others. */
export function parseOptions(args: readonly string[]): ListenOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: "bench-results/listen" },
      palette: { type: "string", multiple: true, default: [] },
      intensity: { type: "string", multiple: true, default: [] },
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
  const wished = values.intensity.map(Number);
  if (!wished.every((value) => value >= 0 && value <= 1)) {
    throw new RangeError(`--intensity lies within [0, 1], got ${values.intensity.join(", ")}`);
  }
  const intensities = wished.length > 0 ? wished : INTENSITIES;
  const palettes = values.palette.length > 0 ? values.palette : PALETTE_NAMES;
  return { out: values.out, palettes, intensities, seed };
}
