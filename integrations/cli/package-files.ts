import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const path = (relative: string): string =>
  fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Where the heavy files lie, in the repository and in the package alike. */
export const PALETTE: string = path("engine/renderer-worker/palettes/band.sf3");
export const ORCHESTRA: string = path("engine/renderer-worker/palettes/orchestra.sf3");

export const modelFolder = (size: "lite" | "full"): string => path(`models/shipped/${size}`);

/** onnxruntime's WebAssembly for each back end. */
export const RUNTIMES = {
  wasm: "ort-wasm-simd-threaded.wasm",
  webgpu: "ort-wasm-simd-threaded.asyncify.wasm",
} as const;

/** Throws where onnxruntime-web is not installed. */
export const runtimeFile = (name: string): string =>
  createRequire(import.meta.url).resolve(`onnxruntime-web/${name}`);
