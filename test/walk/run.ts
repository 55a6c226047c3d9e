/**
 * Walks through the demo game in a real browser at real time, with the keyboard: records what is heard, lists
 * what the music did and when, and measures music, picture, page and memory. `npm run walk`; what the figures
 * are: demo-game/README.md.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PALETTE_NAMES } from "../../engine/renderer-worker/palettes.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import { carried } from "../../engine/theme/carry.ts";
import { importMidi } from "../../engine/theme/import-midi.ts";
import { describeMachine, formatMachine, loadAverage } from "../bench/machine.ts";
import { writeReport } from "../bench/report.ts";
import { formatTable } from "../bench/table.ts";
import { readCommandLine } from "../helpers/command-line.ts";
import { readWav } from "../helpers/read-wav.ts";
import { cueList, figures } from "./figures.ts";
import { hear } from "./hearing.ts";
import { parseOptions, USAGE } from "./options.ts";
import { takeWalk } from "./walk.ts";

const inGame = (name: string): string =>
  fileURLToPath(new URL(`../../demo-game/${name}`, import.meta.url));

async function readScore() {
  const text = await readFile(inGame("lantern-forest.score.yaml"), "utf8");
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  const theme = importMidi(await readFile(inGame("hero.mid")));
  if (!parsed.ok || !theme.ok) throw new Error("the game's score or theme cannot be read");
  return { score: parsed.score, theme: carried({ ...theme.theme, name: "hero" }) };
}

const options = readCommandLine(parseOptions, USAGE);
if (options !== undefined) {
  const { out } = options;
  await mkdir(out, { recursive: true });
  const wav = join(out, "walk.wav");
  const date = new Date().toISOString();
  const before = loadAverage();
  const { score, theme } = await readScore();
  const walked = await takeWalk(options, wav);
  const { left, right, sampleRate } = readWav(await readFile(wav));
  const { gaps, from } = walked.taped;
  const indexOf = (time: number): number => Math.round((time - from) * sampleRate);
  const recording = { left, right, sampleRate, startFrame: 0, gaps, indexOf };
  const rows = figures(walked, hear(walked, recording, score, theme));
  const machine = describeMachine({
    browser: `Chromium ${walked.browser}`,
    webgpu: "not used",
    load: { before, after: loadAverage() },
  });
  const { cues, memory, faults, lanterns } = walked;
  await writeFile(join(out, "cues.txt"), cueList(walked));
  const report = { machine, date, rows, cues, memory, faults };
  await writeReport(join(out, "walk.json"), report);
  console.log(`\n${formatMachine(machine)}\n\n${formatTable(rows)}`);
  console.log(`\n${lanterns} lanterns; faults: ${faults.join("; ") || "none"}; to hear: ${wav}`);
}
