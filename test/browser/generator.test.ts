import { afterEach, describe, expect, test, vi } from "vitest";
import {
  createGeneratorClient,
  type GeneratorClient,
} from "../../engine/generator-worker/client.ts";
import { openModel } from "../../engine/generator-worker/model.ts";
import { STEMS } from "../../engine/music/stem.ts";
import { fetchModel } from "../helpers/fetch-model.ts";
import { generationRequest } from "../helpers/generator-fixtures.ts";
import { parityInputs, worstDifference } from "../helpers/generator-parity.ts";
import manifest from "../../models/shipped/full/model.json" with { type: "json" };
import parity from "../../models/shipped/full/parity.json" with { type: "json" };

const shipped = (name: string): string =>
  new URL(`../../models/shipped/full/${name}`, import.meta.url).href;
const read = fetchModel({
  manifest: shipped("model.json"),
  wasm: shipped("model.int8.onnx"),
  webgpu: shipped("model.webgpu.onnx"),
});

/** In one expression, by which Vite knows a worker. */
const makeWorker = (): Worker =>
  new Worker(new URL("../../engine/generator-worker/worker.ts", import.meta.url), {
    type: "module",
  });

describe("the generator in a real worker", () => {
  let generator: GeneratorClient | undefined;
  afterEach(() => generator?.dispose());

  const start = (onLost?: (reason: string) => void) => {
    const workers: Worker[] = [];
    const client = createGeneratorClient({
      makeWorker: () => {
        const worker = makeWorker();
        workers.push(worker);
        return worker;
      },
      ...(onLost === undefined ? {} : { onLost }),
    });
    generator = client;
    return { client, workers };
  };

  test("loads and writes five stems on WASM", async () => {
    const { client } = start();
    const report = await client.load({ backend: "wasm" }, read);
    expect(report.model.sha256).toBe(manifest.files.wasm.sha256);
    const answer = await client.generate(generationRequest({ passes: 12 }));
    for (const stem of STEMS) expect(answer.notes[stem].length).toBeGreaterThan(7);
  });

  test("two threads write the notes of one", async () => {
    expect(crossOriginIsolated).toBe(true);
    const one = start().client;
    await one.load({ backend: "wasm" }, read);
    const { notes } = await one.generate(generationRequest({ passes: 2 }));
    one.dispose();
    const { client } = start();
    const report = await client.load({ backend: "wasm", threads: 2 }, read);
    expect(report.threads).toBe(2);
    expect((await client.generate(generationRequest({ passes: 2 }))).notes).toEqual(notes);
  });

  test("auto takes the fastest of what the browser has, and says how fast", async () => {
    const { client } = start();
    const report = await client.load({ backend: "auto" }, read);
    const times = Object.values(report.passTime);
    expect(report.passTime[report.backend]).toBe(Math.min(...times));
    expect(report.model.sha256).toBe(manifest.files[report.backend].sha256);
  });

  test("killed in mid-run its calls reject, and a restart writes again", async () => {
    const lost = vi.fn();
    const { client, workers } = start(lost);
    await client.load({ backend: "wasm" }, read);
    const pending = client.generate(generationRequest({ passes: 32 }));
    workers[0]?.dispatchEvent(new ErrorEvent("error", { message: "killed" }));
    await expect(pending).rejects.toMatchObject({ name: "GeneratorLostError" });
    expect(lost).toHaveBeenCalledWith("the generator worker failed: killed");
    const report = await client.restart();
    expect(report?.backend).toBe("wasm");
    const answer = await client.generate(generationRequest({ passes: 1 }));
    expect(answer.outcome).toBe("written");
  });

  test("a worker that dies without a word is found by the watchdog", async () => {
    const workers: Worker[] = [];
    generator = createGeneratorClient({
      makeWorker: () => {
        const worker = makeWorker();
        workers.push(worker);
        return worker;
      },
      watchdog: { writing: 300 },
    });
    await generator.load({ backend: "wasm" }, read);
    const pending = generator.generate(generationRequest({ passes: 32 }));
    workers[0]?.terminate();
    await expect(pending).rejects.toMatchObject({ name: "GeneratorLostError" });
  });
});

describe("WebGPU", () => {
  test("answers what PyTorch answered; when its device is lost in mid-run, WASM goes on", async () => {
    const model = await openModel({
      read,
      backend: "webgpu",
      now: () => performance.now(),
    });
    const inputs = parityInputs(parity);
    const logits = await model.runPass(inputs);
    expect(worstDifference(parity, logits)).toBeLessThanOrEqual(parity.tolerance.webgpu);
    expect(model.backend()).toBe("webgpu");

    const runtime = await import("onnxruntime-web/webgpu");
    const device = await runtime.env.webgpu.device;
    const running = model.runPass(inputs);
    device.destroy();
    expect(worstDifference(parity, await running)).toBeLessThanOrEqual(parity.tolerance.wasm);
    expect(model.backend()).toBe("wasm");
    await model.release();
    // Emulated, a pass takes seconds.
  }, 300_000);
});
