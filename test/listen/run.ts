/**
 * Plays the same sixteen bars on every palette at three intensities, measures what is heard, draws it, and
 * writes a page to listen to. `npm run listen`; it wants ffmpeg. What the tables mean: docs/palettes.md.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ORCHESTRA as ORCHESTRA_FONT, PALETTES } from "../../engine/renderer-worker/palettes.ts";
import { openGrowingFile } from "../../integrations/cli/bake/growing-file.ts";
import { createWavFile } from "../../integrations/cli/bake/wav-file.ts";
import type { Players } from "../../integrations/cli/bake/performance.ts";
import { employStaff } from "../../integrations/cli/bake/staff.ts";
import { ORCHESTRA } from "../../integrations/cli/package-files.ts";
import { readCommandLine } from "../helpers/command-line.ts";
import { playClip, remembering, SAMPLE_RATE, type Clip } from "./clips.ts";
import { encodeOpus, loudnessOfFile } from "./ffmpeg.ts";
import { measureClip } from "./measure.ts";
import { parseOptions, USAGE, type ListenOptions } from "./options.ts";
import { spectrogramOf } from "./spectrogram.ts";
import { pageOf, tablesOf, type Row } from "./report.ts";

const fileOf = ({ palette, intensity }: Pick<Clip, "palette" | "intensity">): string =>
  `${palette}-${intensity}`;

async function rowOf(clip: Clip, out: string): Promise<Row> {
  const { palette, intensity, mix } = clip;
  const path = join(out, fileOf(clip));
  const wav = await createWavFile(await openGrowingFile(`${path}.wav`), {
    sampleRate: SAMPLE_RATE,
    bits: 24,
  });
  await wav.write(mix);
  await wav.end();
  const loudness = await loudnessOfFile(`${path}.wav`);
  await writeFile(`${path}.png`, spectrogramOf(mix));
  await encodeOpus(`${path}.wav`, `${path}.opus`);
  await rm(`${path}.wav`);
  return { palette, intensity, loudness, measured: measureClip(clip) };
}

/** Writes tables and page; resolves to the tables. */
async function report(rows: readonly Row[], out: string): Promise<string> {
  const tables = await tablesOf(rows);
  await writeFile(join(out, "tables.md"), tables);
  await writeFile(join(out, "index.html"), pageOf(rows, fileOf));
  return tables;
}

/** Resolves to the tables; a run that is stopped leaves those of the palettes that are done. */
async function measureAll(players: Players, options: ListenOptions): Promise<string> {
  const { out, palettes, intensities, seed } = options;
  const rows: Row[] = [];
  for (const palette of palettes) {
    for (const intensity of intensities) {
      rows.push(await rowOf(await playClip(players, { palette, intensity, seed }), out));
      console.error(`${palette} at ${intensity}`);
    }
    await report(rows, out);
  }
  return report(rows, out);
}

const options = readCommandLine(parseOptions, USAGE);
if (options !== undefined) {
  const { out } = options;
  await mkdir(out, { recursive: true });
  const fonts = [{ name: ORCHESTRA_FONT, path: ORCHESTRA, palettes: PALETTES }];
  const staff = await employStaff({ model: "lite", sampleRate: SAMPLE_RATE, fonts });
  const tables = await measureAll(remembering(staff), options);
  await staff.dispose();
  console.log(`${tables}\nTo listen: ${join(out, "index.html")}`);
}
