import type { RunPass } from "../generator/sampler.ts";
import type { Backend, LoadReport } from "../generator/service.ts";
import { milliseconds, type Milliseconds } from "../time/units.ts";
import { generatorError, messageOf } from "./errors.ts";
import { checkHash } from "./fetch-bytes.ts";
import type { Manifest } from "./manifest.ts";
import { parseManifest } from "./manifest.ts";
import type { ModelSession } from "./session.ts";
import { openSession } from "./session.ts";
import { timePasses } from "./speed-test.ts";

/** The name under which the description of a model is read. */
export const MANIFEST = "model.json";

/** Reads one of the model's files, by its name beside `model.json`; `backend` tells whose file it is. */
type ReadFile = (
  name: string,
  onProgress: (loadedBytes: number) => void,
  backend?: Backend,
) => Promise<Uint8Array<ArrayBuffer>>;

export interface OpenOptions {
  readonly read: ReadFile;
  readonly backend: Backend | "auto";
  /** Milliseconds of any clock that never goes back. */
  readonly now: () => number;
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
}

/** A model that is ready to write. Runs where `fetch`-able files, `crypto.subtle` and WASM do: workers, pages, Node. */
export interface Model {
  readonly manifest: Manifest;
  readonly report: LoadReport;
  /** The back end in use: WASM from the moment on when WebGPU has failed. */
  readonly backend: () => Backend;
  /** Serialised by the caller. A pass that fails on WebGPU is run again on WASM, for good. */
  readonly runPass: RunPass;
  release(): Promise<void>;
}

/**
 * Fetches, checks and opens a model. `auto` opens both back ends where WebGPU exists and keeps the
 * faster one. Rejects with `ModelFetchError`, `ModelHashError` or `BackendError`.
 */
export async function openModel(options: OpenOptions): Promise<Model> {
  const bytes = await options.read(MANIFEST, () => undefined);
  const manifest = parseManifest(new TextDecoder().decode(bytes), MANIFEST);
  const tried = await tryBackends(options, manifest);
  let session = tried.session;
  const runPass: RunPass = async (inputs) => {
    try {
      return await session.runPass(inputs);
    } catch (error) {
      const lost = error instanceof Error && error.name === "BackendError";
      if (!lost || session.backend === "wasm") throw error;
      session = (await openTimed(options, manifest, "wasm", () => undefined)).session;
      return session.runPass(inputs);
    }
  };
  const { name, version, files } = manifest;
  const backend = session.backend;
  const model = { name, version, sha256: files[backend].sha256 };
  return {
    manifest,
    report: { backend, model, passTime: tried.passTime, rejected: tried.rejected },
    backend: () => session.backend,
    runPass,
    release: () => session.release(),
  };
}

interface Tried {
  readonly session: ModelSession;
  readonly passTime: Partial<Record<Backend, Milliseconds>>;
  readonly rejected: Partial<Record<Backend, string>>;
}

/** Opens what was asked for; in `auto` the fastest of what opens. */
async function tryBackends(options: OpenOptions, manifest: Manifest): Promise<Tried> {
  const wanted = options.backend === "auto" ? await possibleBackends() : [options.backend];
  const totalBytes = wanted.reduce((sum, backend) => sum + manifest.files[backend].bytes, 0);
  const passTime: Partial<Record<Backend, Milliseconds>> = {};
  const rejected: Partial<Record<Backend, string>> = {};
  let before = 0;
  let best: { readonly session: ModelSession; readonly time: Milliseconds } | undefined;
  for (const backend of wanted) {
    const start = before;
    const progress = (loaded: number): void => options.onProgress?.(start + loaded, totalBytes);
    try {
      const opened = await openTimed(options, manifest, backend, progress);
      passTime[backend] = opened.time;
      const slower = best !== undefined && best.time <= opened.time ? opened : best;
      if (slower !== opened) best = opened;
      await slower?.session.release();
    } catch (error) {
      if (wanted.length === 1) throw error;
      rejected[backend] = messageOf(error);
    }
    before += manifest.files[backend].bytes;
  }
  if (best === undefined) {
    throw generatorError("BackendError", `no back end opens: ${JSON.stringify(rejected)}`);
  }
  return { session: best.session, passTime, rejected };
}

async function openTimed(
  { read, now }: OpenOptions,
  manifest: Manifest,
  backend: Backend,
  onProgress: (loadedBytes: number) => void,
): Promise<{ readonly session: ModelSession; readonly time: Milliseconds }> {
  const { file, sha256 } = manifest.files[backend];
  const bytes = await read(file, onProgress, backend);
  await checkHash(bytes, sha256, file);
  const session = await openSession(bytes, backend);
  return { session, time: milliseconds(await timePasses(session.runPass, now)) };
}

/**
 * WASM everywhere, WebGPU where the browser gives an adapter of hardware: emulated ones take seconds
 * to warm up and always lose.
 */
async function possibleBackends(): Promise<readonly Backend[]> {
  const gpu: GPU | undefined = typeof navigator === "undefined" ? undefined : navigator.gpu;
  const adapter = (await gpu?.requestAdapter()) ?? null;
  return adapter === null || adapter.info.isFallbackAdapter ? ["wasm"] : ["wasm", "webgpu"];
}
