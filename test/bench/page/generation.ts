import fullManifest from "../../../models/shipped/full/model.json?url";
import fullWasm from "../../../models/shipped/full/model.int8.onnx?url";
import fullWebgpu from "../../../models/shipped/full/model.webgpu.onnx?url";
import liteManifest from "../../../models/shipped/lite/model.json?url";
import liteWasm from "../../../models/shipped/lite/model.int8.onnx?url";
import liteWebgpu from "../../../models/shipped/lite/model.webgpu.onnx?url";
import { requestFor } from "../../../engine/composer/request.ts";
import {
  createGeneratorClient,
  type GeneratorClient,
} from "../../../engine/generator-worker/client.ts";
import type { Backend } from "../../../engine/generator/service.ts";
import type { ModelSize } from "../../../engine/soundtrack-interface.ts";
import { milliseconds } from "../../../engine/time/units.ts";
import { fetchModel } from "../../helpers/fetch-model.ts";
import { planOf } from "./piece.ts";

const BARS = 8;
/** Far away: every request gets all its passes. */
const DEADLINE_MS = 3_600_000;

const MODELS = {
  full: { manifest: fullManifest, wasm: fullWasm, webgpu: fullWebgpu },
  lite: { manifest: liteManifest, wasm: liteWasm, webgpu: liteWebgpu },
} as const;

let generator: GeneratorClient | undefined;

/** Starts the worker with a shipped model; it warms up while loading. Returns on how many threads it writes. */
export async function open(backend: Backend, size: ModelSize, threads = 1): Promise<number> {
  generator?.dispose();
  generator = createGeneratorClient({
    makeWorker: () =>
      new Worker(new URL("../../../engine/generator-worker/worker.ts", import.meta.url), {
        type: "module",
      }),
  });
  const report = await generator.load({ backend, threads }, fetchModel(MODELS[size]));
  return report.threads;
}

/** Milliseconds from the request to the notes, as the game's thread sees it. */
export async function write(passes: number, seed: number): Promise<number> {
  if (generator === undefined) throw new Error("no generator is open");
  const around = { before: undefined, after: undefined, original: undefined };
  const request = requestFor(planOf(BARS, seed), around, {
    id: `${seed}`,
    deadline: milliseconds(Date.now() + DEADLINE_MS),
    priority: 0,
    passes,
  });
  const begin = performance.now();
  const answer = await generator.generate(request);
  const time = performance.now() - begin;
  if (answer.outcome !== "written" || answer.passes !== passes) {
    throw new Error(`asked for ${passes} passes, got ${answer.outcome} after ${answer.passes}`);
  }
  return time;
}

export function close(): void {
  generator?.dispose();
  generator = undefined;
}

export interface Adapter {
  readonly name: string;
  /** Software says nothing about the speed of WebGPU. */
  readonly isHardware: boolean;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export async function adapter(): Promise<Adapter> {
  const gpu: GPU | undefined = navigator.gpu;
  const found = (await gpu?.requestAdapter()) ?? null;
  if (found === null) return { name: "no adapter", isHardware: false };
  const { vendor, architecture, device, description, isFallbackAdapter } = found.info;
  const name = [vendor, architecture, device, description].filter((part) => part !== "").join(" ");
  const isHardware = !isFallbackAdapter && !SOFTWARE.test(name);
  return { name: isHardware ? name : `only a software adapter (${name})`, isHardware };
}
