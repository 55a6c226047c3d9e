import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import toneMidi from "@tonejs/midi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-pieces-"));
const said = hearConsole("log");
const score = join(folder, "two.score.yaml");
writeFileSync(
  score,
  `attacca: 1
title: Two tempos
tempo: 120
moods:
  calm: { key: D dorian, phrase: 4 bars, arousal: 0.3 }
  wild: { tempo: 150, key: Bb minor, meter: 3/4, phrase: 4 bars, arousal: 0.8 }
stingers:
  found: { at: beat, length: 1 bar, moods: [calm] }
transitions:
  - { from: calm, to: wild, at: bar, fade: 1 beat, bridge: 2 bars }
  - { from: any, to: any, at: bar }
`,
);
const out = join(folder, "out");
const bake = (...args: readonly string[]): Promise<number> =>
  runBake(["--score", score, "--out", out, ...args]);
const midi = (name: string) => new toneMidi.Midi(readFileSync(join(folder, name, "music.mid")));
const mix = (name: string) => readWav(readFileSync(join(folder, name, "mix.wav"))).left;
interface Sections {
  readonly sections: readonly { mood: string; bridgeTo: string | null; from: number; to: number }[];
}
const sections = (name: string): Sections["sections"] =>
  (JSON.parse(readFileSync(join(folder, name, "manifest.json"), "utf8")) as Sections).sections;

afterAll(() => rmSync(folder, { recursive: true }));

describe("the pieces of a score", () => {
  beforeAll(async () => {
    // Two threads, and more pieces than threads.
    expect(await bake("--transitions", "--stingers", "--jobs", "2")).toBe(0);
  });

  test("hold every transition, with its bridge and four bars of where it leads", () => {
    expect(readdirSync(join(out, "transitions")).toSorted()).toEqual([
      "calm-to-wild",
      "wild-to-calm",
    ]);
    expect(sections("out/transitions/calm-to-wild")).toMatchObject([
      { mood: "calm", bridgeTo: null, from: 0 },
      { mood: "calm", bridgeTo: "wild" },
      { mood: "wild", bridgeTo: null },
    ]);
    const [, , wild] = sections("out/transitions/calm-to-wild");
    expect((wild?.to ?? 0) - (wild?.from ?? 0)).toBeCloseTo((4 * 3 * 60) / 150, 6);
    const calmAfterwards = sections("out/transitions/wild-to-calm").at(-1);
    expect((calmAfterwards?.to ?? 0) - (calmAfterwards?.from ?? 0)).toBeCloseTo(8, 6);
  });

  test("sound all the way through a transition", () => {
    const samples = mix("out/transitions/calm-to-wild");
    const until = sections("out/transitions/calm-to-wild").at(-1)?.to ?? 0;
    for (let at = 0; at + 1 < until; at += 1) {
      const second = samples.subarray(at * 44_100, (at + 1) * 44_100);
      expect(rms(second), `second ${at}`).toBeGreaterThan(0.002);
    }
  });

  test("hold every stinger by itself, from its first sample on", () => {
    expect(readdirSync(join(out, "stingers"))).toEqual(["found-in-calm"]);
    expect(readdirSync(join(out, "stingers/found-in-calm/stems"))).toEqual(["stingers.wav"]);
    expect(mix("out/stingers/found-in-calm").length).toBe((2 + 3.5) * 44_100);
    const heard = midi("out/stingers/found-in-calm").tracks.filter(({ notes }) => notes.length > 0);
    expect(heard.length).toBeGreaterThan(0);
    for (const { name } of heard) expect(name).toMatch(/^stinger /);
    const first = Math.min(...heard.flatMap(({ notes }) => notes.map(({ time }) => time)));
    const onset = mix("out/stingers/found-in-calm").findIndex((each) => Math.abs(each) > 1e-3);
    expect(Math.abs(onset / 44_100 - first)).toBeLessThan(0.15);
  });

  test("are the same to the byte from one thread, and a shard has its own alone", async () => {
    const other = join(folder, "other");
    const args = ["--transitions", "--jobs", "1", "--shard", "2/2", "--out", other];
    expect(await bake(...args)).toBe(0);
    expect(readdirSync(join(other, "transitions"))).toHaveLength(1);
    const none = join(folder, "none");
    expect(await bake("--transitions", "--shard", "3/3", "--out", none)).toBe(0);
    expect(said.at(-1)).toBe("there are fewer pieces than shards: this one has none");
    expect(existsSync(none)).toBe(false);
    for (const name of readdirSync(join(other, "transitions"))) {
      const [one, two] = [out, other].map((place) =>
        readFileSync(join(place, "transitions", name, "mix.wav")),
      );
      expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
    }
  });
});

test("a recorded session is played again: its change of mood falls where it fell", async () => {
  const recording = join(folder, "recording.json");
  const hold = (at: number, id: number, mood: string) => ({
    kind: "hold",
    at,
    id,
    mood,
    priority: 1,
  });
  const text = JSON.stringify({
    attacca: 2,
    kind: "recording",
    score: { title: "Two tempos", moods: [] },
    seed: 3,
    from: null,
    until: 10,
    events: [hold(-1, 0, "wild"), hold(4, 1, "calm")],
    cues: [],
    tunes: [],
  });
  writeFileSync(recording, text);
  expect(await bake("--session", recording, "--out", join(folder, "session"))).toBe(0);
  // Asked for at 4 s, half a second of notice, then the next bar line of 1.2 s.
  expect(sections("session")).toMatchObject([
    { mood: "wild", from: 0 },
    { mood: "calm", to: 10 },
  ]);
  expect(sections("session")[1]?.from).toBeCloseTo(4.8, 6);
  expect(mix("session").length).toBe((10 + 3.5) * 44_100);
});

describe("a task with a MIDI file", () => {
  const file = join(folder, "tune.mid");
  const notesOf = (name: string, stem: string): readonly string[] =>
    midi(name)
      .tracks.filter((track) => track.name === stem)
      .flatMap(({ notes }) => notes.map((note) => `${note.ticks} ${note.midi}`));

  beforeAll(async () => {
    const made = ["--genre", "folk", "--mood", "calm", "--duration", "8s"];
    expect(await runBake([...made, "--out", join(folder, "tune")])).toBe(0);
    cpSync(join(folder, "tune/music.mid"), file);
  });

  test.each([
    ["harmonise", ["melody", "harmony", "bass"]],
    ["drums-for", ["melody", "drums"]],
  ] as const)("%s keeps the melody and writes its own stems", async (task, stems) => {
    expect(await runBake([`--${task}`, file, "--out", join(folder, task)])).toBe(0);
    const heard = midi(task).tracks.filter(({ notes }) => notes.length > 0);
    expect(heard.map(({ name }) => name)).toEqual(stems);
    expect(notesOf(task, "melody")).toEqual(notesOf("tune", "melody"));
  });

  test.each(["vary", "melody-for"])("%s writes another melody", async (task) => {
    expect(await runBake([`--${task}`, file, "--out", join(folder, task)])).toBe(0);
    expect(notesOf(task, "melody").length).toBeGreaterThan(0);
    expect(notesOf(task, "melody")).not.toEqual(notesOf("tune", "melody"));
  });

  test("orchestrate keeps the melody and has all five stems", async () => {
    expect(await runBake(["--orchestrate", file, "--out", join(folder, "orchestra")])).toBe(0);
    expect(midi("orchestra").tracks.filter(({ notes }) => notes.length > 0)).toHaveLength(5);
    expect(notesOf("orchestra", "melody")).toEqual(notesOf("tune", "melody"));
  });
});
