import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import toneMidi from "@tonejs/midi";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { readWithMido, WITHOUT_MIDO } from "../../helpers/mido.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-bake-"));
const score = fileURLToPath(new URL("../../../examples/2-boss.score.yaml", import.meta.url));
const asked = ["--score", score, "--mood", "duel", "--duration", "10s", "--seed", "7"];
const bakeTo = (name: string, ...more: readonly string[]): Promise<number> =>
  runBake([...asked, "--out", join(folder, name), ...more]);
const said = hearConsole("log");

beforeAll(async () => {
  expect(await bakeTo("a")).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a baked track", () => {
  const wav = (name: string) => readWav(readFileSync(join(folder, "a", name)));

  test("is a mix, a stem for each that plays, MIDI and a manifest that names them all", () => {
    const stems = readdirSync(join(folder, "a/stems")).toSorted();
    expect(stems).toEqual(["bass.wav", "counter.wav", "drums.wav", "harmony.wav", "melody.wav"]);
    expect(readdirSync(join(folder, "a")).toSorted()).toEqual([
      "manifest.json",
      "mix.wav",
      "music.mid",
      "stems",
    ]);
    const manifest = JSON.parse(readFileSync(join(folder, "a/manifest.json"), "utf8")) as {
      files: { name: string; bytes: number }[];
      phrases: Record<string, number>;
    };
    expect(manifest.files.map(({ name }) => name)).toEqual([
      "mix.wav",
      "music.mid",
      ...stems.map((name) => `stems/${name}`),
    ]);
    for (const { name, bytes } of manifest.files) {
      expect(statSync(join(folder, "a", name)).size).toBe(bytes);
    }
    expect(manifest.phrases).toEqual({ model: 2 });
  });

  test("lasts as long as was asked for and rings out; all files are of one length", () => {
    const mix = wav("mix.wav");
    expect(mix.sampleRate).toBe(44_100);
    expect(mix.left.length).toBe(Math.round((10 + 3.5) * 44_100));
    for (const stem of readdirSync(join(folder, "a/stems"))) {
      expect(wav(`stems/${stem}`).left.length).toBe(mix.left.length);
    }
    const second = (at: number) => rms(mix.left.subarray(at * 44_100, (at + 1) * 44_100));
    for (let at = 0; at < 10; at += 1) expect(second(at)).toBeGreaterThan(0.005);
    expect(second(12)).toBeLessThan(second(9) / 10);
  });

  test("has stems whose sum is the mix, as far as its limiter has nothing to do", () => {
    const mix = wav("mix.wav").left;
    const stems = readdirSync(join(folder, "a/stems")).map((name) => wav(`stems/${name}`).left);
    const sum = mix.map((_, i) => stems.reduce((total, stem) => total + (stem[i] ?? 0), 0));
    const gain = rms(mix) / rms(sum);
    expect(gain).toBeGreaterThan(0.8);
    expect(gain).toBeLessThanOrEqual(1.001);
    expect(rms(mix.map((each, i) => each - gain * (sum[i] ?? 0)))).toBeLessThan(rms(mix) / 5);
    expect(mix.every((sample) => Math.abs(sample) <= 10 ** (-3 / 20) + 1e-4)).toBe(true);
  });

  test("opens in a DAW with tempo, meter, key, markers and track names", () => {
    const midi = new toneMidi.Midi(readFileSync(join(folder, "a/music.mid")));
    expect(midi.header.ppq).toBe(960);
    expect(midi.header.name).toBe("The Bell Warden: duel");
    expect(midi.header.tempos.map(({ bpm }) => bpm)).toEqual([expect.closeTo(120, 2)]);
    expect(midi.header.timeSignatures[0]?.timeSignature).toEqual([4, 4]);
    expect(midi.header.keySignatures[0]).toMatchObject({ key: "F", scale: "minor" });
    const marker = midi.header.meta.find(({ type }) => type === "marker");
    expect(marker).toMatchObject({ text: "duel (D aeolian)", ticks: 0 });
    const names = midi.tracks.filter(({ notes }) => notes.length > 0).map(({ name }) => name);
    expect(names).toEqual(["melody", "counter", "harmony", "bass", "drums"]);
  });

  test("is read by mido as by another reader: tempo, meter, key, markers, names and every note", (context) => {
    context.skip(WITHOUT_MIDO !== undefined, WITHOUT_MIDO);
    const path = join(folder, "a/music.mid");
    const found = readWithMido(path);
    expect(found).toMatchObject({ format: 1, ticksPerQuarter: 960 });
    expect(found.tempos).toEqual([{ tick: 0, microseconds: 500_000 }]);
    expect(found.meters).toEqual([{ tick: 0, meter: "4/4" }]);
    expect(found.keys).toEqual([{ tick: 0, key: "Dm" }]);
    expect(found.markers[0]).toEqual({ tick: 0, text: "duel (D aeolian)" });
    // The second of two phrases of four bars.
    expect(found.markers[1]?.tick).toBe(4 * 4 * 960);
    expect(found.markers[1]?.text).toMatch(/^duel: phrase 2, /);
    const [head, ...stems] = found.tracks;
    expect(head).toEqual({ name: "The Bell Warden: duel", notes: [] });
    expect(stems.map(({ name }) => name)).toEqual([
      "melody",
      "counter",
      "harmony",
      "bass",
      "drums",
    ]);
    const other = new toneMidi.Midi(readFileSync(path)).tracks;
    for (const { name, notes } of stems) {
      const lines = notes.map(({ tick, ticks, pitch, velocity }) =>
        [tick, ticks, pitch, velocity].join(" "),
      );
      const same = other.find((track) => track.name === name)?.notes ?? [];
      const others = same.map(({ ticks, durationTicks, midi, velocity }) =>
        [ticks, durationTicks, midi, Math.round(velocity * 127)].join(" "),
      );
      expect(lines.length, name).toBeGreaterThan(5);
      expect(lines.toSorted(), name).toEqual(others.toSorted());
    }
  });

  test("comes home: its last bass note is the tonic", () => {
    const midi = new toneMidi.Midi(readFileSync(join(folder, "a/music.mid")));
    const bass = midi.tracks.find(({ name }) => name === "bass");
    expect((bass?.notes.at(-1)?.midi ?? 0) % 12).toBe(2);
  });

  test("is the same to the byte when it is baked again elsewhere", async () => {
    expect(await bakeTo("b")).toBe(0);
    for (const name of ["mix.wav", "music.mid", "stems/drums.wav", "manifest.json"]) {
      const [one, other] = ["a", "b"].map((run) => readFileSync(join(folder, run, name)));
      expect(one?.equals(other ?? Buffer.alloc(0)), name).toBe(true);
    }
  });

  test("stays as it is when it is there already, and is baked anew for another seed", async () => {
    const before = statSync(join(folder, "a/mix.wav")).mtimeMs;
    expect(await bakeTo("a")).toBe(0);
    expect(said.at(-1)).toContain("is there already");
    expect(statSync(join(folder, "a/mix.wav")).mtimeMs).toBe(before);
    const mix = readFileSync(join(folder, "a/mix.wav"));
    expect(await bakeTo("a", "--seed", "8")).toBe(0);
    expect(readFileSync(join(folder, "a/mix.wav")).equals(mix)).toBe(false);
  });
});

test.each([
  ["of one piece", [...asked, "--duration", "10m"], 1],
  ["of two threads", ["--score", score, "--jingles", "--jobs", "2"], 2],
] as const)(
  "Ctrl-C in the middle %s leaves no file behind, and the status of a signal",
  async (name, args, pieces) => {
    const program = fileURLToPath(new URL("../../../integrations/cli/attacca.ts", import.meta.url));
    const out = join(folder, name.replaceAll(" ", "-"));
    const child = spawn(
      process.execPath,
      ["--import", "tsx", program, "bake", ...args, "--out", out],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
    const ended = new Promise((resolve) => child.on("close", resolve));
    const files = (): readonly string[] =>
      existsSync(out)
        ? readdirSync(out, { recursive: true, encoding: "utf8" }).filter((path) =>
            /\.(?:part|wav|mid|json)$/.test(path),
          )
        : [];
    while (files().filter((path) => path.endsWith("drums.wav.part")).length < pieces) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(child.exitCode).toBe(null);
    }
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(told.trim()).toBe("stopped: no half-written file is left; the same command goes on");
    // What was whole by then may stay.
    expect(files().filter((path) => path.endsWith(".part"))).toEqual([]);
    if (pieces === 1) expect(files()).toEqual([]);
  },
);
