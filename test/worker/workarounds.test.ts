/**
 * What the engine works round in libraries. Each test shows that the trouble is still there; one that fails says
 * that it is gone, and its name says what can be deleted. Those of browsers and Tone.js are in
 * `test/browser/workarounds.test.ts`.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expose, wrap } from "comlink";
import { SoundBankLoader, BasicSoundBank, SpessaSynthProcessor } from "spessasynth_core";
import { expect, onTestFinished, test } from "vitest";
import { shippedFile } from "../helpers/generator-model.ts";
import { readSoundfont, SAMPLE_RATE } from "./renderer-fixture.ts";

test("Comlink leaves calls to a worker that is gone open for ever; else delete `OpenCall` in worker-link/link.ts", async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port2.close());
  expose({ answer: () => new Promise(() => undefined) }, port1);
  const remote = wrap<{ answer(): Promise<void> }>(port2);
  const call = remote.answer().then(
    () => "answered",
    () => "rejected",
  );
  port1.close();
  const later = new Promise((resolve) => setTimeout(resolve, 300, "open"));
  expect(await Promise.race([call, later])).toBe("open");
});

test("spessasynth_core empties a shared bank when a synthesiser is destroyed; else destroy it in renderer-worker/renderer.ts", async () => {
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(readSoundfont());
  const synths = [0, 1].map(() => {
    const synth = new SpessaSynthProcessor(SAMPLE_RATE, { effectsEnabled: false });
    synth.soundBankManager.addSoundBank(bank, "font");
    return synth;
  });
  expect(bank.presets.length).toBeGreaterThan(0);
  synths[0]?.destroySynthProcessor();
  expect(bank.presets).toHaveLength(0);
});

test("spessasynth_core wants the latest stb-vorbis, whatever that is; else delete the override in package.json", async () => {
  const path = createRequire(import.meta.url).resolve("spessasynth_core");
  const file = `${path.slice(0, path.lastIndexOf("spessasynth_core"))}spessasynth_core/package.json`;
  const wanted: unknown = JSON.parse(await readFile(file, "utf8"));
  expect(wanted).toMatchObject({ dependencies: { "stb-vorbis": "latest" } });
});

test("onnxruntime opens a graph with flipped weights without a word; else delete the hash check of models in loader-worker", async () => {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.numThreads = 1;
  const bytes = new Uint8Array(await readFile(shippedFile("model.int8.onnx", "lite")));
  // In the middle of the weights.
  const at = bytes.length >> 1;
  for (let i = at; i < at + 1000; i += 1) bytes[i] = (bytes[i] ?? 0) ^ 0x55;
  const session = await runtime.InferenceSession.create(bytes);
  expect(session.outputNames).toContain("cell_logits");
  await session.release();
});
