import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseMidi } from "midi-file";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { PALETTE } from "../../../integrations/cli/package-files.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { makeFonts } from "../../helpers/fonts.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-fonts-"));
hearConsole("log");

afterAll(() => rmSync(folder, { recursive: true }));

const STEMS = ["melody", "counter", "harmony", "bass", "drums"] as const;

/** What a bake of a score with these lines has left. */
async function baked(name: string, lines: string) {
  const score = join(folder, `${name}.yaml`);
  writeFileSync(score, `attacca: 1\nmoods: { walk: { arousal: 0.9 } }\n${lines}\n`);
  const out = join(folder, name);
  const args = ["--score", score, "--duration", "8s", "--intensity", "0.9", "--out", out];
  expect(await runBake(args)).toBe(0);
  const midi = parseMidi(readFileSync(join(out, "music.mid")));
  const programs = midi.tracks
    .flat()
    .flatMap((event) => (event.type === "programChange" ? [event.programNumber] : []));
  const levels = STEMS.map((stem) =>
    rms(readWav(readFileSync(join(out, `stems/${stem}.wav`))).left),
  );
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    readonly soundfonts: readonly { readonly name: string; readonly sha256: string }[];
    readonly licences: readonly string[];
  };
  return { programs, levels, manifest };
}

test("the orchestra is baked on its own soundfont, in every stem", async () => {
  const { programs, levels, manifest } = await baked("orchestra", "palette: orchestra");
  expect(new Set(programs)).toEqual(new Set([48, 71, 49, 43]));
  for (const level of levels) expect(level).toBeGreaterThan(1e-3);
  expect(manifest.soundfonts.map(({ name }) => name)).toEqual([
    "Attacca band, a subset of MuseScore_General_Lite",
    "Attacca orchestra, sections made of MuseScore_General_Lite",
  ]);
});

test("a palette of the score's own is baked on the soundfont beside the score, and the manifest has its hash", async () => {
  const { dls } = await makeFonts(new Uint8Array(readFileSync(PALETTE)).buffer);
  writeFileSync(join(folder, "own.dls"), dls);
  const { programs, levels, manifest } = await baked(
    "own",
    "palette: own\npalettes: { own: { font: own.dls, like: heroic, voices: { melody: { program: 73 }, bass: { program: 32 } } } }",
  );
  expect(new Set(programs)).toEqual(new Set([73, 60, 49, 32, 48]));
  for (const level of levels) expect(level).toBeGreaterThan(1e-3);
  expect(manifest.soundfonts[1]).toEqual({
    name: "the user's own",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(manifest.licences.at(-1)).toContain("the user's own");
});
