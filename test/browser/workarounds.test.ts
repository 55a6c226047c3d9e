/**
 * What the engine works round in browsers and in Tone.js. Each test shows that the trouble is still there; one
 * that fails says that it is gone, and its name says what can be deleted. Those of libraries that run in Node
 * are in `test/worker/workarounds.test.ts`. Not to be shown in this Chromium: a context that runs while its clock
 * stands still (WebKit; `unlock` in audio/context.ts), an interruption that only a gesture ends (WebKit;
 * sound-watch.ts), and no `cancelAndHoldAtTime` (Firefox; audio/envelope.ts).
 */
import { Context, Convolver, ToneAudioBuffer, ToneBufferSource } from "tone";
import { describe, expect, onTestFinished, test } from "vitest";
import { wrapContext } from "../../engine/audio/context.ts";
import * as T from "../../engine/generator/tokens.ts";
import { fetchBytes } from "../helpers/fetch-model.ts";
import { parityInputs } from "../helpers/generator-parity.ts";
import { peak } from "../helpers/pcm-measure.ts";
import parity from "../../models/shipped/lite/parity.json" with { type: "json" };

const RATE = 44_100;
/** Frames at which something happens, in no rhythm. */
const FRAMES = Array.from({ length: 400 }, (_, nth) => 1_000 + nth * 211 + ((nth * nth) % 97));
const LENGTH = (FRAMES.at(-1) ?? 0) + 1_000;

describe("browsers", () => {
  test("a parameter set at frame / sampleRate may feel it a frame late; else delete the half frame of `FrameClock.paramTime`", async () => {
    const offline = new OfflineAudioContext(1, LENGTH, RATE);
    const source = new ConstantSourceNode(offline, { offset: 0 });
    for (const [nth, frame] of FRAMES.entries()) {
      source.offset.setValueAtTime(nth + 1, frame / RATE);
    }
    source.connect(offline.destination);
    source.start();
    const samples = (await offline.startRendering()).getChannelData(0);
    const late = FRAMES.filter((frame, nth) => samples[frame] !== nth + 1);
    expect(late.length).toBeGreaterThan(0);
  });

  test("WebGPU answers ids that are out of range with numbers; else delete `checkIds` in generator-worker/session.ts", async () => {
    const runtime = await import("onnxruntime-web/webgpu");
    const graph = new URL("../../models/shipped/lite/model.webgpu.onnx", import.meta.url).href;
    const session = await runtime.InferenceSession.create(new Uint8Array(await fetchBytes(graph)), {
      executionProviders: ["webgpu"],
    });
    const { cells, chords, bars } = parityInputs(parity);
    cells.fill(1_000_000);
    const outputs = await session.run({
      cells: new runtime.Tensor("int32", cells, [1, T.WINDOW_SLOTS, T.LANE_COUNT]),
      chords: new runtime.Tensor("int32", chords, [1, T.TOKENS]),
      bars: new runtime.Tensor("int32", bars, [1, T.WINDOW_BARS, T.CONDITION_COUNT]),
    });
    expect(outputs["cell_logits"]?.data.length).toBeGreaterThan(0);
    await session.release();
    // Emulated, a pass takes seconds.
  }, 300_000);
});

describe("Tone.js", () => {
  test("takes the context's `onstatechange`; else delete its return in `wrapContext`", async () => {
    const raw = new AudioContext();
    onTestFinished(() => raw.close());
    const handler = (): void => undefined;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- this property is what is tested
    raw.onstatechange = handler;
    const tone = new Context({ context: raw, clockSource: "offline", lookAhead: 0 });
    expect(tone.rawContext).toBe(raw);
    expect(raw.onstatechange).not.toBe(handler);
  });

  test("opens a source's own gain a frame late now and then; else delete the `setValueAtTime(1, …)` in audio/chunk-source.ts", async () => {
    const offline = new OfflineAudioContext(2, LENGTH, RATE);
    const tone = wrapContext(offline);
    const one = tone.createBuffer(1, 1, RATE);
    one.getChannelData(0).fill(1);
    for (const frame of FRAMES) {
      const source = new ToneBufferSource({ context: tone, url: one, fadeIn: 0 });
      source.connect(offline.destination);
      source.start(frame / RATE);
    }
    const samples = (await offline.startRendering()).getChannelData(0);
    const lost = FRAMES.filter((frame) => (samples[frame] ?? 0) < 0.5);
    expect(lost.length).toBeGreaterThan(0);
  });

  test("stops a source only on a tick of its own clock; else delete `tone.emit` in `cancel` of audio/chunk-source.ts", () => {
    const raw = new AudioContext();
    onTestFinished(() => raw.close());
    const tone = wrapContext(raw);
    const source = new ToneBufferSource({ context: tone, url: tone.createBuffer(1, RATE, RATE) });
    source.start(0);
    source.stop(0);
    expect(source.disposed).toBe(false);
    const stopped = new Promise<void>((resolve) => {
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- Tone's sources have no other
      source.onended = () => resolve();
    });
    tone.emit("tick");
    return stopped;
  });

  test("has a convolver normalise a buffer that its constructor is given; else give it there in `createReverb` of audio/mixer.ts", async () => {
    const render = async (isLast: boolean): Promise<number> => {
      const offline = new OfflineAudioContext(2, 4_000, RATE);
      const tone = wrapContext(offline);
      const impulse = tone.createBuffer(2, 1_000, RATE);
      for (const channel of [0, 1]) impulse.getChannelData(channel).fill(0.5);
      const url = new ToneAudioBuffer(impulse);
      const reverb = new Convolver({ context: tone, normalize: false, ...(isLast ? {} : { url }) });
      if (isLast) reverb.buffer = url;
      const click = new ConstantSourceNode(offline, { offset: 1 });
      click.connect(reverb.input.input);
      reverb.connect(offline.destination);
      click.start(0);
      return peak((await offline.startRendering()).getChannelData(0));
    };
    expect(await render(false)).not.toBeCloseTo(await render(true), 3);
  });
});
