import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-bad-"));
const out = join(folder, "out");
const junk = join(folder, "junk");
writeFileSync(junk, "neither music nor a score");
const said: string[] = [];
const short = ["--genre", "folk", "--mood", "calm", "--duration", "8s"];

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation((line: string) => said.push(line));
});
beforeEach(() => {
  said.length = 0;
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
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
    [["--out", out, "--score", junk, "--tempo", "90"], /--tempo is for a bake without --score/],
    [["--out", out, "--vary", "a.mid", "--harmonise", "b.mid"], /one task at a time/],
  ])("%j", (args, line) => refuses(args, 2, line));
});
