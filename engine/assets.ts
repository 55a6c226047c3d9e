import type { ModelSize, SoundtrackAssets } from "./soundtrack-interface.ts";

/** Each file is named here, so that a bundler takes it along; only the chosen model is fetched. */
const MODELS: Readonly<Record<ModelSize, Omit<SoundtrackAssets, "soundfontUrl">>> = {
  full: {
    modelManifestUrl: new URL("../models/shipped/full/model.json", import.meta.url).href,
    modelFileUrls: {
      wasm: new URL("../models/shipped/full/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/full/model.webgpu.onnx", import.meta.url).href,
    },
  },
  lite: {
    modelManifestUrl: new URL("../models/shipped/lite/model.json", import.meta.url).href,
    modelFileUrls: {
      wasm: new URL("../models/shipped/lite/model.int8.onnx", import.meta.url).href,
      webgpu: new URL("../models/shipped/lite/model.webgpu.onnx", import.meta.url).href,
    },
  },
};
const SOUNDFONT_URL = new URL("./renderer-worker/palettes/band.sf3", import.meta.url).href;

export const isShipped = (size: string): size is ModelSize => Object.hasOwn(MODELS, size);

/** Another manifest has other files. */
export function assetsFrom(
  size: ModelSize = "lite",
  given: Partial<SoundtrackAssets> = {},
): SoundtrackAssets {
  const shipped = MODELS[size];
  const model = given.modelManifestUrl === undefined ? shipped : { ...shipped, modelFileUrls: {} };
  return { soundfontUrl: SOUNDFONT_URL, ...model, ...given };
}
