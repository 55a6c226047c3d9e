import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { hearConsole } from "../../helpers/hear-console.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-room-"));
const said = hearConsole("error");
hearConsole("log");
afterAll(() => rmSync(folder, { recursive: true }));

/** Files below a folder, but not the folders. */
const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();

const onLinux = platform() === "linux";

const asked = ["--genre", "folk", "--mood", "calm", "--duration", "4s", "--rate", "8000"];

describe.runIf(onLinux)("a device that is full", () => {
  test.each(["mix.wav", "stems/drums.wav", "music.mid", "manifest.json"])(
    "at %s stops the bake with one line and leaves no file; with room it is baked",
    async (name) => {
      const out = join(folder, name.replaceAll(/\W/g, "-"));
      mkdirSync(dirname(join(out, name)), { recursive: true });
      // What is written under the name of a half-written file goes to a device that has no room, ever.
      symlinkSync("/dev/full", join(out, `${name}.part`));
      expect(await runBake([...asked, "--out", out])).toBe(1);
      expect(said).toEqual([expect.stringMatching(/\.part: the disk is full$/)]);
      expect(said[0]).toContain(join(out, name));
      expect(filesIn(out)).toEqual([]);
      expect(await runBake([...asked, "--out", out])).toBe(0);
      expect(filesIn(out)).toContain(name);
    },
  );
});

describe("a bake that runs out of room keeps what is whole, and goes on when there is room", () => {
  const program = fileURLToPath(new URL("../../../integrations/cli/attacca.ts", import.meta.url));
  const score = join(folder, "two.score.yaml");
  // Two jingles: files of 0.28 MB and of 0.8 MB at 8 kHz.
  writeFileSync(
    score,
    `attacca: 1
title: Short and long
moods:
  brief: { tempo: 180, phrase: 4 bars }
  wide: { tempo: 90, phrase: 8 bars }
`,
  );
  const bake = (out: string): string =>
    [
      `"${process.execPath}" --import tsx "${program}" bake --score "${score}" --jingles`,
      `--rate 8000 --jobs 1 --out "${out}"; echo "status $?"; (cd "${out}" && find . -type f | sort)`,
    ].join(" ");
  const run = (command: string, args: readonly string[], script: string) =>
    spawnSync(command, [...args, "bash", "-c", script], { encoding: "utf8" });

  function expectBoth(out: string, { stdout, stderr }: ReturnType<typeof run>, why: string): void {
    expect(stderr).toMatch(new RegExp(`^\\S+/jingles/wide/\\S+\\.part: ${why}\n$`));
    const [first = "", second = ""] = stdout.split("again\n");
    const files = (mood: string): readonly string[] =>
      ["manifest.json", "mix.wav", "music.mid"].map((name) => `./jingles/${mood}/${name}`);
    expect(first).toMatch(`${out}/jingles/brief: 5.3 s of music baked`);
    expect(first).toMatch("status 1");
    for (const file of files("brief")) expect(first).toContain(file);
    expect(first).not.toMatch(/jingles\/wide|\.part/);
    expect(second).toMatch(`${out}/jingles/brief: 5.3 s of music is there already`);
    expect(second).toMatch(`${out}/jingles/wide: 21.3 s of music baked`);
    expect(second).toMatch("status 0");
    for (const file of [...files("brief"), ...files("wide")]) expect(second).toContain(file);
    expect(second).not.toMatch(/\.part/);
  }

  test("on a disk of 3 MB that is made larger", (context) => {
    const mounts = [
      ["unshare", "--mount"],
      ["unshare", "--user", "--map-root-user", "--mount"],
    ];
    const [command, ...args] =
      mounts.find(([name = "", ...rest]) => {
        const tried = ["mount", "-t", "tmpfs", "attacca", folder];
        return onLinux && spawnSync(name, [...rest, ...tried]).status === 0;
      }) ?? [];
    if (command === undefined) return context.skip("no disk may be mounted here");
    const out = join(folder, "disk");
    mkdirSync(out);
    const script = `mount -t tmpfs -o size=3m attacca "${out}"; ${bake(out)}
      echo again; mount -o remount,size=64m "${out}"; ${bake(out)}`;
    expectBoth(out, run(command, args, script), "the disk is full");
  });

  test("where a file may have half a megabyte, and then more", () => {
    const out = join(folder, "limit");
    const script = `(ulimit -f 512; ${bake(out)}); echo again; ${bake(out)}`;
    expectBoth(out, run("env", [], script), "the file would be too large");
  });
});

test("a folder in which nobody may write is named in one line", async () => {
  // Not root either.
  const out = onLinux ? "/sys/attacca" : "/System/attacca";
  expect(await runBake([...asked, "--out", out])).toBe(1);
  expect(said).toEqual([
    expect.stringMatching(/attacca: (permission denied|the file system is read-only)$/),
  ]);
});

test("files of an earlier bake and of one that failed do not pass for one bake", async () => {
  const out = join(folder, "mixture");
  expect(await runBake([...asked, "--out", out])).toBe(0);
  const midi = readFileSync(join(out, "music.mid"));
  rmSync(join(out, "music.mid"));
  mkdirSync(join(out, "music.mid"));
  // The mix has taken its name when the notes cannot.
  expect(await runBake([...asked, "--seed", "2", "--out", out])).toBe(1);
  expect(said).toEqual([expect.stringMatching(/music\.mid: it is a folder$/)]);
  rmSync(join(out, "music.mid"), { recursive: true });
  writeFileSync(join(out, "music.mid"), midi);
  expect(filesIn(out)).not.toContain("manifest.json");
  const mix = readFileSync(join(out, "mix.wav"));
  expect(await runBake([...asked, "--out", out])).toBe(0);
  expect(readFileSync(join(out, "mix.wav")).equals(mix)).toBe(false);
});
