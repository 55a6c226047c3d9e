import { createSoundtrack, type Soundtrack, type SoundtrackEvents } from "attacca";
import { afterEach, describe, expect, test, vi } from "vitest";
import liteManifest from "../../models/shipped/lite/model.json" with { type: "json" };
import { peak } from "../helpers/pcm-measure.ts";
import { startRecorder } from "../helpers/recorder.ts";

const SCORE = `
attacca: 1
title: Still
moods: { calm: { arousal: 0.4 } }
locations: { meadow: { palette: plucked, mood: calm } }
`;

const open: Soundtrack[] = [];
afterEach(() => Promise.all(open.splice(0).map((music) => music.dispose())));

async function soundtrack(
  options: Partial<Parameters<typeof createSoundtrack>[0]> = {},
): Promise<Soundtrack> {
  const music = await createSoundtrack({ score: SCORE, generator: "off", ...options });
  open.push(music);
  return music;
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** The shipped manifest, with one hash changed. */
async function manifestWithWrongHash(): Promise<{ url: string; found: string; expected: string }> {
  const shipped = new URL("../../models/shipped/full/model.json", import.meta.url);
  const manifest = (await (await fetch(shipped)).json()) as {
    files: { wasm: { sha256: string } };
  };
  const found = manifest.files.wasm.sha256;
  const expected = found.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  manifest.files.wasm.sha256 = expected;
  const blob = new Blob([JSON.stringify(manifest)], { type: "application/json" });
  return { url: URL.createObjectURL(blob), found, expected };
}

describe("bad input", () => {
  test("a score with mistakes is refused with all of them, each with line and column", async () => {
    const score =
      "attacca: 1\nmoods:\n  calm: { valence: 7, colour: red }\nrules:\n  - { when: loud, mood: rage }\n";
    await expect(createSoundtrack({ score })).rejects.toMatchObject({
      name: "ScoreError",
      message: expect.stringMatching(
        /:3:\d+ .*valence[^]*:3:\d+ .*colour[^]*:5:\d+ .*when[^]*:5:\d+ .*mood/,
      ),
    });
  });

  test("bad signals are ignored or clamped, warned of once each, and counted", async () => {
    const music = await soundtrack();
    const warnings: SoundtrackEvents["warning"][] = [];
    music.on("warning", (warning) => warnings.push(warning));
    await music.start();
    for (let frame = 0; frame < 3; frame += 1) {
      music.set("intensity", Number.NaN);
      music.set("intensity", 7);
      music.set("height", 1);
      music.set("location", "moon");
      music.set("location", 3);
      await tick();
    }
    expect(warnings.map(({ code }) => code).toSorted()).toEqual([
      "not-a-number",
      "not-text",
      "out-of-range",
      "unknown-location",
      "unknown-signal",
    ]);
    const { counters, signals, location } = music.snapshot();
    expect(counters).toMatchObject({
      "warning-not-a-number": 3,
      "warning-not-text": 3,
      "warning-out-of-range": 3,
      "warning-unknown-location": 3,
      "warning-unknown-signal": 3,
    });
    expect(signals["intensity"]).toBeGreaterThan(0);
    expect(signals["intensity"]).toBeLessThanOrEqual(1);
    expect(location).toBe("meadow");
  });

  test("a model with a wrong hash is refused with both hashes named, and the bank plays", async () => {
    const { url, found, expected } = await manifestWithWrongHash();
    const music = await soundtrack({
      generator: "wasm",
      assets: {
        modelManifestUrl: url,
        modelFileUrls: {
          wasm: new URL("../../models/shipped/full/model.int8.onnx", import.meta.url).href,
        },
      },
    });
    const faults: SoundtrackEvents["fault"][] = [];
    const takes: SoundtrackEvents["take"][] = [];
    music.on("fault", (fault) => faults.push(fault));
    music.on("take", (take) => takes.push(take));
    await music.start();
    const recorder = await startRecorder(music.output);
    await vi.waitFor(() => expect(music.snapshot().generator.state).toBe("failed"), 30_000);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const { left } = await recorder.stop();
    const refused = faults.find(({ code }) => code === "model-refused");
    expect(refused?.message).toContain(found);
    expect(refused?.message).toContain(expected);
    expect(takes.length).toBeGreaterThan(0);
    expect(takes.every(({ source }) => source === "bank")).toBe(true);
    expect(peak(left)).toBeGreaterThan(0.01);
  });

  test("a soundfont that is missing makes start() say so", async () => {
    const music = await soundtrack({ assets: { soundfontUrl: "/nowhere.sf3" } });
    await expect(music.start()).rejects.toMatchObject({
      name: "PaletteError",
      message: expect.stringContaining("nowhere.sf3"),
    });
  });

  test("a listener that throws is reported and does not stop the music", async () => {
    const music = await soundtrack();
    const faults: SoundtrackEvents["fault"][] = [];
    music.on("fault", (fault) => faults.push(fault));
    music.on("beat", () => {
      throw new Error("oops");
    });
    await music.start();
    await vi.waitFor(
      () => expect(faults.map(({ code }) => code)).toContain("listener-threw"),
      5000,
    );
    const before = music.snapshot().time;
    await tick();
    expect(music.snapshot().time).toBeGreaterThan(before);
  });

  test("a seed that is no whole number is refused", async () => {
    await expect(createSoundtrack({ score: SCORE, seed: 0.5 })).rejects.toThrow(RangeError);
  });

  test("a model that is not shipped is refused, and the lite one loads when it is asked for", async () => {
    const model = "huge" as "lite";
    await expect(createSoundtrack({ score: SCORE, model })).rejects.toThrow(
      "model must be full or lite, got huge",
    );
    const music = await soundtrack({ generator: "wasm", model: "lite" });
    const loaded = vi.fn<(progress: SoundtrackEvents["progress"]) => void>();
    music.on("progress", loaded);
    await vi.waitFor(() => expect(music.snapshot().generator.state).toBe("ready"), 30_000);
    const ofModel = loaded.mock.calls.map(([each]) => each).filter(({ what }) => what === "model");
    expect(ofModel.at(-1)).toMatchObject({
      state: "ready",
      totalBytes: liteManifest.files.wasm.bytes,
    });
  });

  test("start() twice is one start, and nothing happens after dispose()", async () => {
    const music = await soundtrack();
    await Promise.all([music.start(), music.start()]);
    await music.dispose();
    music.set("intensity", 1);
    await music.dispose();
    expect(music.snapshot().state).toBe("disposed");
    await expect(music.start()).resolves.toBeUndefined();
  });
});

test("a snapshot says why a rule decides and another waits", async () => {
  const rules =
    "rules:\n  - { when: intensity > 0.9, until: intensity < 0.8, mood: calm }\n  - { when: intensity > 0.2, until: intensity < 0.1, mood: calm }\n";
  const music = await soundtrack({ score: `${SCORE}${rules}` });
  music.set("intensity", 0.5);
  await music.start();
  await vi.waitFor(() => {
    expect(music.snapshot().rules.map(({ status }) => status)).toEqual(["waits", "decides"]);
  });
  expect(music.snapshot().rules[0]?.why).toMatch(/^it waits for intensity > 0\.9 \(0\.\d+: no\)$/);
});
