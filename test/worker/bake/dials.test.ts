import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import toneMidi from "@tonejs/midi";
import { afterAll, describe, expect, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-dials-"));
hearConsole("log");
afterAll(() => rmSync(folder, { recursive: true }));

test("four dials and a key are enough for a track, of 24 bits where asked", async () => {
  const out = join(folder, "dials");
  const dials = ["--genre", "waltz", "--mood", "sad", "--tempo", "120", "--key", "E minor"];
  expect(await runBake([...dials, "--duration", "6s", "--bits", "24", "--out", out])).toBe(0);
  expect(readFileSync(join(out, "mix.wav")).readUInt16LE(34)).toBe(24);
  expect(rms(readWav(readFileSync(join(out, "mix.wav"))).left)).toBeGreaterThan(0.005);
  const { header, tracks } = new toneMidi.Midi(readFileSync(join(out, "music.mid")));
  expect(header.tempos[0]?.bpm).toBeCloseTo(120, 2);
  expect(header.timeSignatures[0]?.timeSignature).toEqual([3, 4]);
  expect(header.keySignatures[0]).toMatchObject({ key: "G", scale: "minor" });
  expect(tracks.flatMap(({ notes }) => notes).length).toBeGreaterThan(10);
});

describe("a loop", async () => {
  const out = join(folder, "loop");
  const dials = ["--genre", "ambient", "--mood", "calm", "--tempo", "96", "--duration", "10s"];
  const status = await runBake([...dials, "--loop", "--out", out]);
  const wav = (name: string) => readWav(readFileSync(join(out, name))).left;

  test("lasts its bars to the frame", () => {
    expect(status).toBe(0);
    expect(wav("mix.wav").length).toBe(10 * 44_100);
    const { loop } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
      loop: unknown;
    };
    expect(loop).toEqual({ from: 0, to: 10 });
  });

  test("makes no larger step at its seam than the music makes elsewhere", () => {
    for (const name of ["mix.wav", "stems/harmony.wav", "stems/bass.wav"]) {
      const samples = wav(name);
      const steps = samples.map((each, i) => Math.abs(each - (samples.at(i - 1) ?? 0)));
      const largest = steps.subarray(1).reduce((most, step) => Math.max(most, step), 0);
      expect(steps[0], name).toBeLessThan(largest);
    }
  });

  test("has at its beginning what rings on from its end", () => {
    // The same music that stops there, before its end is laid over its beginning.
    const samples = wav("stems/harmony.wav");
    const ringing = samples.subarray(0, 441);
    const before = samples.subarray(samples.length - 441);
    expect(rms(ringing)).toBeGreaterThan(rms(before) / 4);
    expect(correlationAcross(samples)).toBeGreaterThan(0.85);
    // Cut somewhere else, its end foretells nothing of its beginning.
    for (const from of [13_230, 48_510]) {
      expect(correlationAcross(samples.subarray(from))).toBeLessThan(0.8);
    }
  });
});

/**
 * How well 10 ms before the seam foretell 10 ms after it: the best correlation of what lies across the seam
 * with any earlier stretch of the last second that is as long.
 */
function correlationAcross(samples: Float32Array): number {
  const half = 441;
  const across = Float32Array.from([...samples.slice(-half), ...samples.slice(0, half)]);
  const last = samples.subarray(samples.length - 44_100);
  let best = 0;
  for (let from = 0; from + 2 * half < last.length; from += 1) {
    let [dot, a, b] = [0, 0, 0];
    for (let i = 0; i < across.length; i += 1) {
      const [x, y] = [across[i] ?? 0, last[from + i] ?? 0];
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    best = Math.max(best, dot / Math.sqrt(a * b + 1e-12));
  }
  return best;
}
