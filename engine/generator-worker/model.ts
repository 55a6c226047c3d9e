import type { RunPass } from "../generator/sampler.ts";
import type { Backend, LoadReport, ReadModelFile, SpeedTest } from "../generator/service.ts";
import { milliseconds, type Milliseconds } from "../time/units.ts";
import { generatorError, messageOf } from "./errors.ts";
import type { Manifest } from "./manifest.ts";
import { parseManifest } from "./manifest.ts";
import type { ModelSession } from "./session.ts";
import { openSession } from "./session.ts";
import { timePasses } from "./speed-test.ts";

export interface OpenOptions {
  readonly read: ReadModelFile;
  readonly backend: Backend | "auto";
  /** See `LoadOptions`. */
  readonly known?: SpeedTest | undefined;
  readonly threads?: number | undefined;
  /** Milliseconds of any clock that never goes back. */
  readonly now: () => number;
}

/** A model that is ready to write. Runs where WASM does: workers, pages, Node. */
export interface Model {
  readonly manifest: Manifest;
  readonly report: LoadReport;
  /** The back end in use: WASM from the moment on when WebGPU has failed. */
  readonly backend: () => Backend;
  /** See `ModelSession`; of the back end in use. */
  readonly barsRun: (bars: number) => number;
  /**
   * Serialised by the caller. A pass that fails, or gives no numbers, is run again in a new session: on WASM,
   * for good, if it was WebGPU's. A new session that fails at once is not replaced.
   */
  readonly runPass: RunPass;
  release(): Promise<void>;
}

/**
 * Opens a model. `auto` opens both back ends where WebGPU exists and keeps the faster one. Rejects with
 * `ManifestError`, with `BackendError`, or as `read` does.
 */
export async function openModel(options: OpenOptions): Promise<Model> {
  const bytes = await options.read({ kind: "manifest" });
  const manifest = parseManifest(new TextDecoder().decode(bytes), "model.json");
  const tried = await tryBackends(options, manifest);
  let session: ModelSession | undefined = tried.session;
  /** It has taken another's place and has not answered since. */
  let isNew = false;
  const runPass: RunPass = async (inputs) => {
    if (session !== undefined) {
      try {
        const logits = await session.runPass(inputs);
        isNew = false;
        return logits;
      } catch (error) {
        const isLost = error instanceof Error && error.name === "BackendError";
        if (!isLost || isNew) throw error;
        const lost = session;
        session = undefined;
        // A lost WebGPU device never answers.
        if (lost.backend === "wasm") await lost.release();
      }
    }
    session = (await openTimed(options, manifest, "wasm", ["wasm"])).session;
    isNew = true;
    return session.runPass(inputs);
  };
  const { name, version, files } = manifest;
  const { backend, threads } = session;
  const { passTime, rejected, found } = tried;
  const model = { name, version, sha256: files[backend].sha256 };
  return {
    manifest,
    report: { backend, threads, model, passTime, rejected, found },
    backend: () => session?.backend ?? "wasm",
    barsRun: (bars) => session?.barsRun(bars) ?? bars,
    runPass,
    release: async () => session?.release(),
  };
}

interface Tried {
  readonly session: ModelSession;
  readonly passTime: Partial<Record<Backend, Milliseconds>>;
  readonly rejected: Partial<Record<Backend, string>>;
  readonly found: SpeedTest | undefined;
}

/** Opens what was asked for; in `auto` the fastest of what opens, or the one that is known to be. */
async function tryBackends(options: OpenOptions, manifest: Manifest): Promise<Tried> {
  const { backend, known } = options;
  if (backend !== "auto") return openFastest(options, manifest, [backend]);
  const adapter = await hardwareAdapter();
  if (adapter === undefined) return openFastest(options, manifest, ["wasm"]);
  const of = testedThings(manifest, adapter, options);
  if (known?.of === of) {
    try {
      return await openFastest(options, manifest, [known.backend]);
    } catch {
      // It was well then: the test is made anew, and says what is wrong.
    }
  }
  const tried = await openFastest(options, manifest, ["wasm", "webgpu"]);
  return { ...tried, found: { of, backend: tried.session.backend } };
}

/** The fastest of what opens. Where none does and a file was to blame, rejects as `read` does. */
async function openFastest(
  options: OpenOptions,
  manifest: Manifest,
  wanted: readonly Backend[],
): Promise<Tried> {
  const passTime: Partial<Record<Backend, Milliseconds>> = {};
  const rejected: Partial<Record<Backend, string>> = {};
  let ofFile: Error | undefined;
  let best: { readonly session: ModelSession; readonly time: Milliseconds } | undefined;
  for (const backend of wanted) {
    try {
      const opened = await openTimed(options, manifest, backend, wanted);
      passTime[backend] = opened.time;
      const slower = best !== undefined && best.time <= opened.time ? opened : best;
      if (slower !== opened) best = opened;
      await slower?.session.release();
    } catch (error) {
      if (wanted.length === 1) throw error;
      rejected[backend] = messageOf(error);
      if (error instanceof Error && error.name !== "BackendError") ofFile ??= error;
    }
  }
  if (best === undefined) {
    // Another try may mend what was wrong with a file.
    if (ofFile !== undefined) throw ofFile;
    throw generatorError("BackendError", `no back end opens: ${JSON.stringify(rejected)}`);
  }
  return { session: best.session, passTime, rejected, found: undefined };
}

async function openTimed(
  { read, now, threads }: OpenOptions,
  manifest: Manifest,
  backend: Backend,
  backends: readonly Backend[],
): Promise<{ readonly session: ModelSession; readonly time: Milliseconds }> {
  const { file: name, sha256, bytes } = manifest.files[backend];
  const totalBytes = backends.reduce((sum, each) => sum + manifest.files[each].bytes, 0);
  const [graph, runtime] = await Promise.all([
    read({ kind: "model", backend, name, sha256, bytes, totalBytes }),
    read({ kind: "runtime", backend, backends }),
  ]);
  if (graph === undefined) throw generatorError("BackendError", `there is no ${name}`);
  const takesFewer = manifest.fewer.includes(backend);
  const opening = { runtime, threads, takesFewer };
  const session = await openSession(new Uint8Array(graph), backend, opening);
  return { session, time: milliseconds(await timePasses(session.runPass, now)) };
}

/** Undefined where there is none, or an emulated one: those take seconds to warm up and always lose to WASM. */
async function hardwareAdapter(): Promise<GPUAdapterInfo | undefined> {
  const gpu: GPU | undefined = typeof navigator === "undefined" ? undefined : navigator.gpu;
  const { info } = (await gpu?.requestAdapter()) ?? {};
  return info?.isFallbackAdapter === true ? undefined : info;
}

/** All on which the outcome of a speed test hangs. */
const testedThings = (
  { files }: Manifest,
  adapter: GPUAdapterInfo,
  { threads = 1 }: OpenOptions,
): string => {
  const { vendor, architecture, device, description } = adapter;
  const hashes = [files.wasm.sha256, files.webgpu.sha256];
  const gpu = [vendor, architecture, device, description];
  return [...hashes, navigator.userAgent, threads, ...gpu].join(" | ");
};
