/**
 * Measures how loud the bank's phrases in 4/4 are on each palette and writes the trims that make the palettes
 * equally loud, `engine/renderer-worker/palette-trims.json`. `npm run trims`, whenever the soundfont, a gain of
 * a palette or the bank has changed; `npm run trims -- glass` for one of them. Deterministic; a second run changes
 * nothing.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { shippedBank } from "../../engine/bank/shipped.ts";
import { PALETTES } from "../../engine/renderer-worker/palettes.ts";
import trims from "../../engine/renderer-worker/palette-trims.json" with { type: "json" };
import { loudnessOn, SAMPLE_RATE } from "./palette-loudness.ts";
import { openShippedRenderer } from "./shipped-renderer.ts";

const OUTPUT = fileURLToPath(
  new URL("../../engine/renderer-worker/palette-trims.json", import.meta.url),
);
/** LUFS, on average over calm and driven phrases: leaves the limiter its peaks. */
const TARGET = -20;

const renderer = await openShippedRenderer(SAMPLE_RATE);
const phrases = shippedBank.phrases.filter(({ meter }) => meter === "4/4");
const known = new Map(Object.entries(trims));
/** Of these alone, where the command names any. */
const asked = process.argv.slice(2);
const written: Record<string, number> = { ...trims };
for (const palette of PALETTES) {
  if (asked.length > 0 && !asked.includes(palette.name)) continue;
  const loudness = phrases.map((phrase) => loudnessOn(renderer, palette, phrase));
  const mean = loudness.reduce((sum, value) => sum + value, 0) / loudness.length;
  // What is measured has the present trim in it.
  const trim = (known.get(palette.name) ?? 0) + TARGET - mean;
  written[palette.name] = Math.round(trim * 10) / 10;
  console.log(`${palette.name}: ${mean.toFixed(2)} LUFS, trim ${trim.toFixed(2)} dB`);
}
await writeFile(OUTPUT, `${JSON.stringify(written, undefined, 2)}\n`);
