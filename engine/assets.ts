import type { Backend } from "./generator/service.ts";
import type { FileCheck } from "./loader-worker/service.ts";
import shipped from "./shipped-files.json" with { type: "json" };
import type { ModelSize, SoundtrackAssets } from "./soundtrack-interface.ts";

/** Where every file of a soundtrack lies, and what is known of it. Addresses are absolute. */
export interface FilePlaces {
  readonly manifestUrl: string;
  /** What is not named lies beside the manifest. */
  readonly modelUrls: Readonly<Partial<Record<Backend, string>>>;
  readonly soundfontUrl: string;
  readonly soundfontCheck: FileCheck | undefined;
  readonly orchestraUrl: string;
  readonly orchestraCheck: FileCheck;
  readonly runtimeUrls: Readonly<Record<Backend, string>>;
  readonly runtimeChecks: Readonly<Record<Backend, FileCheck>>;
  /** Files of one name are versions of one another. */
  readonly modelName: string;
  readonly soundfontName: string;
  readonly cache: string;
  /** The version of the code that asks for them. */
  readonly engine: string;
}

/** Each file is named here, so that a bundler takes it along; only the chosen model is fetched. */
const MODELS: Readonly<Record<ModelSize, Pick<FilePlaces, "manifestUrl" | "modelUrls">>> = {
  full: {
    manifestUrl: new URL("../models/shipped/full/model.json", import.meta.url).href,
    modelUrls: {
      wasm: new URL("../models/shipped/full/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/full/model.webgpu.onnx", import.meta.url).href,
    },
  },
  lite: {
    manifestUrl: new URL("../models/shipped/lite/model.json", import.meta.url).href,
    modelUrls: {
      wasm: new URL("../models/shipped/lite/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/lite/model.webgpu.onnx", import.meta.url).href,
    },
  },
};
const SOUNDFONT = new URL("./renderer-worker/palettes/band.sf3", import.meta.url).href;
const ORCHESTRA = new URL("./renderer-worker/palettes/orchestra.sf3", import.meta.url).href;
const RUNTIMES: Readonly<Record<Backend, string>> = {
  wasm: new URL("onnxruntime-web/ort-wasm-simd-threaded.wasm", import.meta.url).href,
  webgpu: new URL("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm", import.meta.url).href,
};

export const isShipped = (size: string): size is ModelSize => Object.hasOwn(MODELS, size);

/** Names within a folder that `npx attacca files` has filled. */
const inFolder = (folder: string, size: ModelSize) => {
  const at = (name: string): string => new URL(name, folder).href;
  return {
    manifestUrl: at(`${size}/model.json`),
    modelUrls: {},
    soundfontUrl: at("band.sf3"),
    orchestraUrl: at("orchestra.sf3"),
    runtimeUrls: {
      wasm: at("ort-wasm-simd-threaded.wasm"),
      webgpu: at("ort-wasm-simd-threaded.asyncify.wasm"),
    },
  };
};

/**
 * Completes what a game says about its files; relative addresses begin at `base`, the page. What is named
 * singly comes before the folder, and that before what the bundler took along.
 */
export function placesOf(
  base: string,
  size: ModelSize = "lite",
  given: SoundtrackAssets = {},
): FilePlaces {
  const absolute = (address: string): string => new URL(address, base).href;
  const { baseUrl, modelManifestUrl, modelFileUrls = {}, runtimeUrls } = given;
  const { soundfontUrl, orchestraUrl } = given;
  const folder = baseUrl?.endsWith("/") === false ? `${baseUrl}/` : baseUrl;
  const found =
    folder === undefined
      ? {
          ...MODELS[size],
          soundfontUrl: SOUNDFONT,
          orchestraUrl: ORCHESTRA,
          runtimeUrls: RUNTIMES,
        }
      : inFolder(absolute(folder), size);
  const named = Object.entries(modelFileUrls).map(([backend, url]) => [backend, absolute(url)]);
  return {
    manifestUrl: modelManifestUrl === undefined ? found.manifestUrl : absolute(modelManifestUrl),
    // Another manifest has other files.
    modelUrls: {
      ...(modelManifestUrl === undefined ? found.modelUrls : {}),
      ...Object.fromEntries(named),
    },
    soundfontUrl: soundfontUrl === undefined ? found.soundfontUrl : absolute(soundfontUrl),
    soundfontCheck: soundfontUrl === undefined ? shipped.palette : given.soundfontCheck,
    orchestraUrl: orchestraUrl === undefined ? found.orchestraUrl : absolute(orchestraUrl),
    orchestraCheck: shipped.orchestra,
    runtimeUrls: {
      wasm: absolute(runtimeUrls?.wasm ?? found.runtimeUrls.wasm),
      webgpu: absolute(runtimeUrls?.webgpu ?? found.runtimeUrls.webgpu),
    },
    runtimeChecks: shipped.runtime,
    modelName: modelManifestUrl ?? size,
    soundfontName: soundfontUrl ?? "band",
    cache: given.cacheName ?? "attacca",
    engine: shipped.engine,
  };
}
