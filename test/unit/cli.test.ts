import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "../../integrations/cli/check.ts";
import { midiBytes, type Struck } from "../helpers/midi.ts";
import { shippedSchema } from "../helpers/score-schema.ts";

const USAGE =
  "usage: attacca check FILE\n       attacca schema\n       attacca files FOLDER [lite|full]\n       attacca bake --help";
const folder = mkdtempSync(join(tmpdir(), "attacca-cli-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(text: string): string {
  const file = join(folder, "forest.score.yaml");
  writeFileSync(file, text);
  return file;
}

/** A score with a theme from `hero.mid`, and files beside it. */
function besides(files: Readonly<Record<string, Uint8Array>>, more = ""): string {
  rmSync(join(folder, "hero.mid"), { force: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return fileWith(
    `attacca: 1\nthemes: { hero: { midi: hero.mid } }\nmoods: { calm: { theme: hero } }\n${more}`,
  );
}

describe("attacca check", () => {
  it("sums up a right score in one line and ends with 0", () => {
    const file = fileWith(
      "attacca: 1\nmoods:\n  calm:\n  wild:\nlocations:\n  cave: { mood: wild }\n  wood:\n",
    );
    expect(runCommand(["check", file])).toEqual({
      status: 0,
      output: `${file}: 2 moods, 2 locations, 1 transition`,
      error: "",
    });
  });

  it("warns of what is surely not meant and still ends with 0", () => {
    const file = fileWith("attacca: 1\nmoods:\n  calm:\n  wild:\n");
    const { status, output } = runCommand(["check", file]);
    expect(status).toBe(0);
    expect(output.split("\n")).toEqual([
      `${file}:4:3 warning: moods.wild: found a mood that nothing asks for, expected a rule or a location that names it, a mood that inherits from it, or a game that holds it`,
      `${file}: 2 moods, 0 locations, 1 transition, 1 warning`,
    ]);
  });

  it("prints every mistake as compilers do and ends with 1", () => {
    const file = fileWith("attacca: 1\ntempi: 90\nmoods:\n  calm: { valence: happy }\n");
    const { status, output, error } = runCommand(["check", file]);
    expect({ status, error }).toEqual({ status: 1, error: "" });
    const [first, second, total] = output.split("\n");
    expect(first).toMatch(/forest\.score\.yaml:2:1 tempi: found .*did you mean "tempo"\?$/);
    expect(second).toBe(
      `${file}:4:20 moods.calm.valence: found "happy", expected a number within [-1, 1]`,
    );
    expect(total).toBe("2 mistakes");
  });

  it("tells what a MIDI file of a theme is read as, and ends with 0", () => {
    const notes: readonly Struck[] = [62, 65, 69, 67].map((pitch, beat) => [beat, pitch, 1]);
    const tracks = [{ notes, name: "Lead" }];
    const file = besides({ "hero.mid": midiBytes({ tracks, key: [-1, true] }) });
    expect(runCommand(["check", file])).toEqual({
      status: 0,
      output: [
        `${file}: note: theme "hero", hero.mid: 1 bar of 4/4 in D aeolian at 120 bpm`,
        `${file}: note: theme "hero", hero.mid: the chords are guessed from the melody and its key`,
        `${file}: 1 mood, 0 locations, 1 transition`,
      ].join("\n"),
      error: "",
    });
  });

  it.each<[string, Uint8Array]>([
    ["the file is damaged or no MIDI file", new Uint8Array(9)],
    ["found more than 1 MB", new Uint8Array(1_000_001)],
  ])("ends with 1 where a MIDI file cannot be read: %s", (problem, bytes) => {
    const { status, output } = runCommand(["check", besides({ "hero.mid": bytes })]);
    expect(status).toBe(1);
    expect(output.split("\n")).toEqual([
      expect.stringContaining(`theme "hero", hero.mid: ${problem}`),
      "1 mistake",
    ]);
  });

  it("warns of a file that is not beside the score, as a game may have it elsewhere", () => {
    const more =
      "takes:\n  band: { audio: band.ogg, tempo: 96, length: 4 bars }\n  net: { audio: 'https://a.b/c.ogg', tempo: 96, length: 4 bars }\n" +
      "stingers:\n  a: { take: band }\n  b: { take: net }\n" +
      "palette: own\npalettes:\n  own: { font: own.sf2, voices: { bass: { program: 3 } } }\n";
    const file = besides({}, more);
    mkdirSync(join(folder, "hero.mid"));
    const { status, output } = runCommand(["check", file]);
    rmSync(join(folder, "hero.mid"), { recursive: true });
    expect(status).toBe(0);
    expect(output.split("\n")).toEqual([
      `${file}: warning: theme "hero", hero.mid is no file beside the score`,
      `${file}: warning: take "band", band.ogg is no file beside the score`,
      `${file}: warning: palette "own", own.sf2 is no file beside the score`,
      `${file}: 1 mood, 0 locations, 1 transition, 3 warnings`,
    ]);
  });

  it("refuses a file of 100 MB unread and ends with 1", () => {
    const file = fileWith("attacca: 1\n");
    truncateSync(file, 100_000_000);
    expect(runCommand(["check", file])).toEqual({
      status: 1,
      output: `${file}: found 100000000 bytes, expected at most a million characters`,
      error: "",
    });
  });

  it("ends with 2 when the file is missing or no file", () => {
    const missing = runCommand(["check", join(folder, "none.yaml")]);
    expect(missing).toMatchObject({ status: 2, output: "" });
    expect(missing.error).toContain("ENOENT");
    expect(runCommand(["check", folder]).error).toContain("EISDIR");
  });

  it.each([[[]], [["check"]], [["check", "a", "b"]], [["chekc", "a"]], [["schema", "a"]]])(
    "ends with 2 and its usage for %j",
    (args) => {
      expect(runCommand(args)).toEqual({
        status: 2,
        output: "",
        error: USAGE,
      });
    },
  );

  it("shows its usage when asked", () => {
    expect(runCommand(["--help"])).toMatchObject({
      status: 0,
      output: USAGE,
    });
  });
});

describe("attacca schema", () => {
  it("prints the schema that is shipped", () => {
    const { status, output, error } = runCommand(["schema"]);
    expect({ status, error }).toEqual({ status: 0, error: "" });
    expect(JSON.parse(output)).toEqual(shippedSchema);
  });
});

describe("the attacca program", () => {
  const program = fileURLToPath(new URL("../../integrations/cli/attacca.ts", import.meta.url));

  it("is a Node script that passes the status and both streams on", () => {
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", program, ...args], { encoding: "utf8" });
    const wrong = run("check", fileWith("attacca: 2\nmoods: { calm: }\n"));
    expect(wrong).toMatchObject({ status: 1, stderr: "" });
    expect(wrong.stdout).toContain(":1:10 attacca: found 2,");
    const misused = run();
    expect(misused).toMatchObject({ status: 2, stdout: "", stderr: `${USAGE}\n` });
  });
});
