import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { seconds } from "../../../engine/time/units.ts";
import { runBake } from "../../../integrations/cli/bake/bake.ts";
import { decodeFile } from "../../../integrations/cli/bake/decode-file.ts";
import { openGrowingFile } from "../../../integrations/cli/bake/growing-file.ts";
import { createOpusFile } from "../../../integrations/cli/bake/opus-file.ts";
import { hearConsole } from "../../helpers/hear-console.ts";
import { readWav, rms } from "../../helpers/read-wav.ts";
import { wavOf } from "../../helpers/wav.ts";

const folder = mkdtempSync(join(tmpdir(), "attacca-takes-"));
hearConsole("log");
const RATE = 44_100;
const tone = (hertz: number, length: number, rate = RATE): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => 0.25 * Math.sin((2 * Math.PI * hertz * i) / rate));

afterAll(() => rmSync(folder, { recursive: true }));

test("a baked stem that has a take is the composer's file to the sample, and its notes are none", async () => {
  // Two bars at 120 bpm.
  const [left, right] = [tone(220, 4 * RATE), tone(330, 4 * RATE)];
  writeFileSync(join(folder, "groove.wav"), wavOf([left, right], RATE));
  const score = join(folder, "score.yaml");
  writeFileSync(
    score,
    [
      "attacca: 1",
      "tempo: 120",
      "takes:",
      "  groove: { audio: groove.wav, tempo: 120, length: 2 bars }",
      "  lost: { audio: lost.wav, tempo: 120, length: 2 bars }",
      "moods:",
      "  walk: { arousal: 0.5, phrase: 4 bars, stems: [bass, drums], takes: { bass: groove, drums: lost } }",
      "",
    ].join("\n"),
  );
  const out = join(folder, "out");
  expect(await runBake(["--score", score, "--duration", "8s", "--bits", "24", "--out", out])).toBe(
    0,
  );
  const bass = readWav(readFileSync(join(out, "stems/bass.wav")));
  // The place is dry but for the palette's room, which is laid under the take and begins 12 ms late.
  const heard = bass.left.subarray(0, 400);
  const lost = heard.map((sample, i) => sample - (left[i] ?? 0));
  expect(rms(heard)).toBeGreaterThan(0.05);
  expect(rms(lost)).toBeLessThan(1e-3);
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    takes: Record<string, string>;
    remarks: readonly string[];
  };
  expect(Object.keys(manifest.takes)).toEqual(["groove.wav"]);
  expect(manifest.remarks).toContainEqual(
    expect.stringMatching(/take "lost", lost\.wav: .*no such file.*; its stems are generated/),
  );
});

describe("a take is decoded from", () => {
  const most = seconds(10);

  test("WAV of one channel, at another rate: its tone and length stay", async () => {
    const bytes = new Uint8Array(wavOf([tone(440, 24_000, 24_000)], 24_000));
    const { left, right } = await decodeFile(bytes, { sampleRate: 48_000, most });
    expect(right).toBe(left);
    expect(left.length).toBe(48_000);
    const wanted = tone(440, left.length, 48_000);
    const lost = left.map((sample, i) => sample - (wanted[i] ?? 0)).subarray(2000, 46_000);
    expect(rms(lost)).toBeLessThan(rms(wanted) / 1000);
  });

  test("Ogg Opus, to the frame", async () => {
    const path = join(folder, "take.opus");
    const file = await createOpusFile(await openGrowingFile(path), { kilobits: 160 });
    const sent = tone(440, 60_000, 48_000);
    await file.write({ left: sent, right: sent });
    await file.end();
    const { left } = await decodeFile(readFileSync(path), { sampleRate: 48_000, most });
    expect(left.length).toBe(60_000);
    const lost = left.map((sample, i) => sample - (sent[i] ?? 0)).subarray(4800);
    expect(rms(lost)).toBeLessThan(rms(sent) / 30);
  });

  test.each([
    ["what is no audio", Buffer.from("neither music nor noise"), /no WAV, Ogg Opus or Ogg Vorbis/],
    [
      "a WAV of three channels",
      wavOf([tone(9, 90), tone(9, 90), tone(9, 90)], RATE),
      /too many channels/,
    ],
    [
      "one that is too long",
      wavOf([tone(9, 11 * 8000)], 8000),
      /lasts 11\.0 s, expected at most 10/,
    ],
    ["one that is cut off", Buffer.from(wavOf([tone(9, 900)], RATE)).subarray(0, 20), /./],
  ])("nothing else: %s is refused", async (_, bytes, reason) => {
    const decoding = decodeFile(new Uint8Array(bytes), { sampleRate: RATE, most });
    await expect(decoding).rejects.toThrow(reason);
  });
});
