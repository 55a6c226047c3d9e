import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OggOpusDecoder } from "ogg-opus-decoder";
import { afterAll, describe, expect, test } from "vitest";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { openGrowingFile } from "../../../integrations/cli/bake/growing-file.ts";
import { createOpusFile } from "../../../integrations/cli/bake/opus-file.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-opus-"));
hearConsole("log");
const RATE = 48_000;

afterAll(() => rmSync(folder, { recursive: true }));

/** As an independent decoder hears a file. */
async function decoded(path: string): Promise<readonly Float32Array[]> {
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  const { channelData, errors } = await decoder.decodeFile(readFileSync(path));
  decoder.free();
  expect(errors).toEqual([]);
  return channelData;
}

/** A tone that is not periodic in the loop's frames, so that a wrong place at a seam is heard. */
const tone = (hertz: number, from: number, length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from(
    { length },
    (_, i) => 0.4 * Math.sin((2 * Math.PI * hertz * (from + i)) / RATE),
  );

describe("an Opus file", () => {
  test.each([40_000, 48_001, 100_000])(
    "gives back %i frames for as many, each in its place",
    async (length) => {
      const path = join(folder, `${length}.opus`);
      const file = await createOpusFile(await openGrowingFile(path), { kilobits: 128 });
      const [left, right] = [tone(441, 0, length), tone(1000, 0, length)];
      const cut = 700;
      await file.write({ left: left.subarray(0, cut), right: right.subarray(0, cut) });
      await file.write({ left: left.subarray(cut), right: right.subarray(cut) });
      await file.end();
      const heard = await decoded(path);
      expect(heard.map((channel) => channel.length)).toEqual([length, length]);
      // Clear of its beginning, which comes out of silence.
      for (const [nth, sent] of [left, right].entries()) {
        const lost = sent.map((sample, i) => sample - (heard[nth]?.[i] ?? 0)).subarray(4800);
        expect(rms(lost)).toBeLessThan(rms(sent) / 30);
      }
    },
  );

  test("has the same bytes when it is written again", async () => {
    const [one, other] = ["one", "other"].map((name) => join(folder, `${name}.opus`));
    for (const path of [one ?? "", other ?? ""]) {
      const file = await createOpusFile(await openGrowingFile(path), { kilobits: 96 });
      await file.write({ left: tone(300, 0, 30_000), right: tone(301, 0, 30_000) });
      await file.end();
    }
    expect(readFileSync(one ?? "").equals(readFileSync(other ?? ""))).toBe(true);
  });
});

test("a loop baked as Opus is as long as the WAV to the frame, sounds like it, and has no seam", async () => {
  const asked = ["--genre", "folk", "--mood", "calm", "--duration", "9s", "--loop", "--out"];
  const [opus, wav] = [join(folder, "opus"), join(folder, "wav")];
  expect(await runBake([...asked, opus, "--format", "opus", "--bitrate", "160"])).toBe(0);
  expect(await runBake([...asked, wav, "--rate", String(RATE), "--bits", "24"])).toBe(0);
  const sent = readWav(readFileSync(join(wav, "mix.wav"))).left;
  const [heard = new Float32Array()] = await decoded(join(opus, "mix.opus"));
  expect(heard.length).toBe(sent.length);
  const lost = (from: number, to: number): number => {
    const part = sent.subarray(from, to);
    return rms(part.map((sample, i) => sample - (heard[from + i] ?? 0))) / rms(part);
  };
  const whole = lost(0, sent.length);
  expect(whole).toBeLessThan(0.1);
  // 20 ms on both sides of the seam are no worse than the rest of the loop.
  expect(lost(0, 960)).toBeLessThan(3 * whole);
  expect(lost(sent.length - 960, sent.length)).toBeLessThan(3 * whole);
  const step = (samples: Float32Array): number =>
    Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0));
  expect(Math.abs(step(heard) - step(sent))).toBeLessThan(0.01);
});
