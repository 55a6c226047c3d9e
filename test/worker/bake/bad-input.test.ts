import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { PALETTE } from "../../../integrations/cli/package-files.ts";
import { hearConsole } from "../../helpers/hear-console.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-bad-"));
const out = join(folder, "out");
const junk = join(folder, "junk");
writeFileSync(junk, "neither music nor a score");
/** Scores that bring a soundfont, beside the folder whose files are counted. */
const beside = mkdtempSync(join(tmpdir(), "attacca-fonts-"));
const shipped = readFileSync(PALETTE);
function scoreOn(
  name: string,
  bytes: Uint8Array | number | undefined,
  voice = "melody: { program: 73 }",
) {
  const path = join(beside, name);
  if (typeof bytes === "number") {
    writeFileSync(path, "");
    truncateSync(path, bytes);
  } else if (bytes !== undefined) {
    writeFileSync(path, bytes);
  }
  const score = join(beside, `${name}.yaml`);
  writeFileSync(
    score,
    `attacca: 1\npalette: own\nmoods: { calm: }\npalettes: { own: { font: ${name}, voices: { ${voice} } } }\n`,
  );
  return score;
}
const said = hearConsole("error");
const short = ["--genre", "folk", "--mood", "calm", "--duration", "8s"];

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(beside, { recursive: true });
});

/** Files anywhere below the folder but for what the test has put there. */
const files = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name !== "junk" && statSync(join(folder, name)).isFile(),
  );

async function refuses(args: readonly string[], status: number, line: RegExp): Promise<void> {
  expect(await runBake(args)).toBe(status);
  expect(said).toHaveLength(1);
  expect(said[0]).not.toContain("\n");
  expect(said[0]).toMatch(line);
  expect(files()).toEqual([]);
}

describe("what cannot be baked is refused in one line, and leaves no file", () => {
  test.each([
    [["--score", join(folder, "none.yaml")], /none\.yaml: there is no such file or folder/],
    [["--score", junk, "--mood", "calm"], /junk:1:1/],
    [[...short, "--soundfont", join(folder, "none.sf3")], /none\.sf3: there is no such file/],
    [[...short, "--soundfont", junk], /junk: the soundfont cannot be read/],
    [[...short, "--soundfont", folder], /attacca-bad-.*: it is a folder/],
    [["--genre", "polka"], /--genre: found "polka", expected folk, chamber, /],
    [[...short, "--key", "H minor"], /--key: found "H minor", expected a key such as/],
    [["--vary", junk], /junk: the file is damaged or no MIDI file/],
    [["--harmonise", join(folder, "none.mid")], /none\.mid: there is no such file/],
    [["--transitions"], /--transitions needs a score/],
  ])("%j", (args, line) => refuses([...args, "--out", out], 1, line));

  test.each([
    ["lost.sf2", undefined, /lost\.sf2: there is no such file or folder$/],
    [
      "page.sf2",
      Buffer.from("<html>"),
      /page\.sf2: the soundfont cannot be read: it is no SF2, SF3 or DLS/,
    ],
    [
      "half.sf3",
      shipped.subarray(0, 900_000),
      /half\.sf3: the soundfont cannot be read: it ends after 900000 of/,
    ],
    [
      "huge.sf2",
      200_000_000,
      /huge\.sf2: it has 200\.0 MB, expected at most 64 MB of all soundfonts together$/,
    ],
  ])("a score's soundfont %s", (name, bytes, line) =>
    refuses(["--score", scoreOn(name, bytes), "--duration", "8s", "--out", out], 1, line),
  );

  test("a score's soundfont without the instrument that is wanted", () => {
    const score = scoreOn("band.sf3", shipped, "bass: { program: 5 }");
    const line = /band\.sf3: the soundfont lacks own\/bass \(bank 0, program 5\); it has bank 0/;
    return refuses(["--score", score, "--duration", "8s", "--out", out], 1, line);
  });

  test("a soundfont of 200 MB in place of the shipped one", () => {
    scoreOn("large.sf2", 200_000_000);
    const args = [...short, "--soundfont", join(beside, "large.sf2"), "--out", out];
    return refuses(args, 1, /large\.sf2: it has 200\.0 MB, expected at most 64 MB/);
  });

  test("a recording that is none", () => {
    const score = new URL("../../../examples/2-boss.score.yaml", import.meta.url).pathname;
    return refuses(["--score", score, "--session", junk, "--out", out], 1, /junk/);
  });

  test("a folder that cannot be made", () =>
    refuses([...short, "--out", join(junk, "out")], 1, /junk.*: a part of the path is no folder/));
});

describe("a command that is not understood ends with 2", () => {
  test.each([
    [[], /--out is missing/],
    [["--out", out, "--duration", "long"], /--duration: found "long", expected 1s to 60m/],
    [["--out", out, "--seed", "-1"], /--seed/],
    [["--out", out, "--bits", "8"], /--bits: found "8", expected 16 or 24/],
    [["--out", out, "--format", "mp3"], /--format: found "mp3", expected wav or opus/],
    [["--out", out, "--format", "opus", "--bits", "24"], /--bits is not for --format opus/],
    [["--out", out, "--bitrate", "64"], /--bitrate is not for --format wav/],
    [["--out", out, "--shard", "3/2"], /--shard: found "3\/2"/],
    [["--out", out, "--intensity", "7"], /--intensity: found "7", expected a number within/],
    [["--out", out, "--volume", "11"], /Unknown option '--volume'/],
    [
      ["--out", out, "--score", junk, "--tempo", "90"],
      /--tempo is not for --score: the score says/,
    ],
    [["--out", out, "--score", junk, "--transitions", "--loop"], /--loop is not for --transitions/],
    [
      ["--out", out, "--score", junk, "--jingles", "--duration", "9s"],
      /--duration is not for --jing/,
    ],
    [
      ["--out", out, "--score", junk, "--session", junk, "--mood", "calm"],
      /--mood is not for --sess/,
    ],
    [
      ["--out", out, "--session", junk, "--seed", "3"],
      /--seed is not for --session: the recording/,
    ],
    [["--out", out, "--vary", junk, "--score", junk], /--score is not for --vary/],
    [
      ["--out", out, "--vary", junk, "--tempo", "90"],
      /--tempo is not for --vary: the file says it/,
    ],
    [["--out", out, "--vary", junk, "--duration", "9s"], /--duration is not for --vary/],
    [["--out", out, "--vary", "a.mid", "--harmonise", "b.mid"], /one task at a time/],
  ])("%j", (args, line) => refuses(args, 2, line));
});
