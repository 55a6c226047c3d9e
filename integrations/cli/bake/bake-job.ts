import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { seconds } from "../../../engine/time/units.ts";
import { BakeError } from "./bake-error.ts";
import { findFonts, type FontFile } from "./fonts.ts";
import { sha256 } from "./hashes.ts";
import { nameWish, type Job, type Settings } from "./job.ts";
import { createLoopFiles } from "./loop-files.ts";
import { manifestOf } from "./manifest.ts";
import { midiOf } from "./midi.ts";
import { createMixdown } from "./mixdown.ts";
import { openOutput, type PartFiles } from "./output.ts";
import { perform, type Played } from "./performance.ts";
import { prepareJob } from "./piece-of.ts";
import type { Staff } from "./staff.ts";
import { createStemFiles } from "./stem-files.ts";
import { readTakes } from "./takes.ts";
import { createTape } from "./tape.ts";
import { thisEngine } from "./this-engine.ts";
import { fromFrame } from "./window-sink.ts";

/** Time for the last notes and the room to ring out: the room falls by 60 dB in 1.6 s. */
const RING_OUT_SECONDS = 3.5;
const MANIFEST = "manifest.json";

export interface BakeSurroundings {
  readonly folder: string;
  readonly settings: Settings;
  /** One for all pieces of a score, so that the soundfonts are those of the first. */
  readonly staff: (fonts: readonly FontFile[]) => Promise<Staff>;
  readonly parts: PartFiles;
  /** Share of the piece that is done, 0–1. */
  readonly progress: (share: number) => void;
}

/** What became of a job. */
export interface BakedJob {
  readonly folder: string;
  readonly isNew: boolean;
  readonly seconds: number;
  readonly remarks: readonly string[];
}

/**
 * Bakes a piece into its folder: mix, stems, MIDI, manifest. One that is there already, whole and from the
 * same inputs, stays as it is. Throws `BakeError`, or as `node:fs` does; no file is then left behind.
 */
export async function bakeJob(job: Job, around: BakeSurroundings): Promise<BakedJob> {
  const folder = join(around.folder, job.name);
  const { settings } = around;
  const prepared = await prepareJob(job);
  const { given } = prepared;
  const scoreFile = job.score.kind === "file" ? job.score.file : "";
  const fonts = await findFonts(given.score, { scoreFile, soundfont: settings.soundfont });
  const soundfonts = fonts.map(({ sha256: hash }) => hash);
  const staff = await around.staff(fonts);
  const { sha256: model } = staff.model.report.model;
  const themes = [...given.themes];
  const takes = await readTakes(given.score, scoreFile, settings.sampleRate);
  const { hashes } = takes;
  const engine = await thisEngine();
  const { sampleRate, encoding } = settings;
  // Contents, and no paths: a folder may be moved between two bakes.
  const inputs = sha256(
    JSON.stringify([
      engine,
      model,
      given.text,
      themes,
      job.seed,
      nameWish(job.wish),
      prepared.outside,
      soundfonts,
      hashes,
      { sampleRate, encoding },
    ]),
  );
  const known = await bakedBefore(folder, inputs);
  if (known !== undefined) {
    return { folder, isNew: false, seconds: known.seconds, remarks: known.remarks };
  }
  const output = openOutput(folder, around.parts);
  try {
    const tape = createTape(sampleRate);
    const piece = await prepared.compose(staff);
    const { startsAt = seconds(0), end, buses } = piece;
    const files = prepared.loops
      ? createLoopFiles(output, settings, Math.round(end * sampleRate))
      : await createStemFiles(output, settings);
    let from = Infinity;
    const mixdown = createMixdown(
      tape,
      fromFrame(files, () => from),
      buses,
    );
    const learn = ({ window }: Played): void => {
      from = Math.round((window.from - startsAt) * sampleRate);
    };
    const played = await perform(piece, { staff, tape, takes: takes.pcm }, async (until, soFar) => {
      learn(soFar);
      await mixdown.advance(until);
      around.progress(Math.min(1, until / (soFar.window.to - startsAt)));
    });
    learn(played);
    const { window } = played;
    if (window.from === Infinity) throw new BakeError(`${prepared.title}: it never came to sound`);
    const whole = Math.round((window.to - startsAt) * sampleRate);
    await mixdown.finish(whole + Math.round(RING_OUT_SECONDS * sampleRate));
    await files.end();
    await output.write("music.mid", midiOf(played, prepared.title));
    const remarks = [...given.remarks, ...takes.remarks, ...played.remarks];
    const manifest = await manifestOf(
      { engine, job, prepared, played, staff, settings, fonts, inputs, takes: hashes, remarks },
      output,
    );
    await output.write(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
    await output.commit();
    around.progress(1);
    return { folder, isNew: true, seconds: manifest.seconds, remarks };
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** What of a manifest says whether it is of the same bake. */
const BAKED = z.object({
  inputs: z.string(),
  seconds: z.number(),
  remarks: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
});
type Baked = Readonly<z.infer<typeof BAKED>>;

/** The manifest of a folder, if it is of the same inputs and its files are whole. */
async function bakedBefore(folder: string, inputs: string): Promise<Baked | undefined> {
  try {
    const manifest = BAKED.parse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
    if (manifest.inputs !== inputs) return undefined;
    for (const { name, bytes } of manifest.files) {
      if ((await stat(join(folder, name))).size !== bytes) return undefined;
    }
    return manifest;
  } catch {
    // There is none, or it cannot be read: it is baked anew.
    return undefined;
  }
}
