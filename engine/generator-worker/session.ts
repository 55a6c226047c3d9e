import type * as Ort from "onnxruntime-web/wasm";
import type { ModelInputs } from "../generator/encode.ts";
import type { RunPass } from "../generator/sampler.ts";
import type { Backend } from "../generator/service.ts";
import type { Logits } from "../generator/state.ts";
import * as T from "../generator/tokens.ts";
import { generatorError, messageOf } from "./errors.ts";

/** An open model. `runPass` must not be called again before it has answered: WebGPU would hang. */
export interface ModelSession {
  readonly backend: Backend;
  readonly threads: number;
  /** The bars that a pass runs over for a window of so many. */
  readonly barsRun: (bars: number) => number;
  /** The logits are those of these bars. Rejects with `GenerationError` on ids out of range, with `BackendError` on a failed run or on logits that are no numbers. */
  readonly runPass: RunPass;
  /** Frees the memory. Not to be called after a failed run on WebGPU: a lost device never answers. */
  release(): Promise<void>;
}

export interface SessionOptions {
  /** onnxruntime's WebAssembly for the back end; without it the runtime looks for it by itself. */
  readonly runtime?: ArrayBuffer | undefined;
  /** Default 1. */
  readonly threads?: number | undefined;
  /** Whether the graph takes windows of fewer bars than 16. Default false. */
  readonly takesFewer?: boolean | undefined;
}

/** A window that ends with one absent bar is written as well as one that is filled up with them, in less time. */
const BEYOND = 1;

/** Milliseconds: where a thread cannot be started, a bundler or a policy in its way, the runtime would wait for ever. */
const PATIENCE = 15_000;

/** Opens a graph. Rejects with `BackendError`. */
export async function openSession(
  bytes: Uint8Array<ArrayBuffer>,
  backend: Backend,
  { runtime, threads = 1, takesFewer = false }: SessionOptions = {},
): Promise<ModelSession> {
  try {
    const ort = await (backend === "wasm"
      ? import("onnxruntime-web/wasm")
      : import("onnxruntime-web/webgpu"));
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.initTimeout = threads > 1 ? PATIENCE : 0;
    ort.env.logLevel = "error";
    if (runtime !== undefined) ort.env.wasm.wasmBinary = runtime;
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: [backend],
      graphOptimizationLevel: "all",
      // Graph capture gave wrong outputs on graphs of this kind.
      enableGraphCapture: false,
      // Threads that wait for work must not keep the game's cores busy.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
    // It is compiled; the bytes are not wanted again.
    delete ort.env.wasm.wasmBinary;
    const barsRun = (bars: number): number =>
      takesFewer ? Math.min(T.WINDOW_BARS, bars + BEYOND) : T.WINDOW_BARS;
    return {
      backend,
      threads: ort.env.wasm.numThreads,
      barsRun,
      runPass: (inputs) => run(ort, session, firstBars(inputs, barsRun(barsIn(inputs)))),
      release: () => session.release(),
    };
  } catch (error) {
    throw generatorError("BackendError", `cannot open ${backend}: ${messageOf(error)}`, error);
  }
}

/** Bars up to the last one that is there. */
function barsIn({ bars }: ModelInputs): number {
  let count = bars.length / T.CONDITION_COUNT;
  while (count > 0 && bars[(count - 1) * T.CONDITION_COUNT] === T.METER_ABSENT) count -= 1;
  return count;
}

const firstBars = ({ cells, chords, bars }: ModelInputs, count: number): ModelInputs => ({
  cells: cells.subarray(0, count * T.BAR_SLOTS * T.LANE_COUNT),
  chords: chords.subarray(0, (count * T.BAR_SLOTS) / T.PATCH),
  bars: bars.subarray(0, count * T.CONDITION_COUNT),
});

async function run(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  inputs: ModelInputs,
): Promise<Logits> {
  checkIds(inputs);
  const { cells, chords, bars } = inputs;
  const slots = cells.length / T.LANE_COUNT;
  const outputs = await session
    .run({
      cells: new ort.Tensor("int32", cells, [1, slots, T.LANE_COUNT]),
      chords: new ort.Tensor("int32", chords, [1, chords.length]),
      bars: new ort.Tensor("int32", bars, [1, bars.length / T.CONDITION_COUNT, T.CONDITION_COUNT]),
    })
    .catch((error: unknown) => {
      throw generatorError("BackendError", `a pass failed: ${messageOf(error)}`, error);
    });
  return {
    cells: readLogits(outputs, "cell_logits", slots * T.SLOT_LOGITS),
    chords: readLogits(outputs, "chord_logits", chords.length * T.CHORD_CLASSES),
    expression: readLogits(outputs, "expression_logits", slots * T.SLOT_EXPRESSION),
  };
}

/** WebGPU answers ids that are out of range with garbage instead of an error. */
function checkIds({ cells, chords, bars }: ModelInputs): void {
  // Cells and chords may also be masked or absent.
  checkRange("cell", cells, (index) => T.classesOf(index % T.LANE_COUNT) + 2);
  checkRange("chord", chords, () => T.CHORD_CLASSES + 2);
  checkRange("condition", bars, (i) => T.CONDITIONS[i % T.CONDITION_COUNT]?.classes ?? 0);
}

function checkRange(what: string, ids: Int32Array, classesOf: (index: number) => number): void {
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] ?? -1;
    if (id < 0 || id >= classesOf(i)) {
      throw generatorError("GenerationError", `${what} id ${id} at ${i} is out of range`);
    }
  }
}

function readLogits(
  outputs: Readonly<Record<string, Ort.OnnxValue>>,
  name: string,
  length: number,
): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array) || data.length !== length) {
    throw generatorError("BackendError", `the graph gave no ${name} of ${length} numbers`);
  }
  for (let i = 0; i < length; i += 1) {
    if (!Number.isFinite(data[i])) {
      throw generatorError("BackendError", `${name} holds ${data[i]} at ${i}`);
    }
  }
  return data;
}
