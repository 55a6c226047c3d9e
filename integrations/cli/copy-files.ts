import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { modelFolder, ORCHESTRA, PALETTE, runtimeFile, RUNTIMES } from "./package-files.ts";

/** What of a model's folder plays; the rest is for reading and training. */
const PLAYS = /^model\.(json|.*\.onnx)$/;

/**
 * Copies the heavy files into a folder, as `assets: { baseUrl }` looks for them there: the model in a folder
 * of its size, the palettes' soundfonts, onnxruntime's WebAssembly. Returns their names. Throws as `node:fs` does.
 */
export function copyFiles(folder: string, size: "lite" | "full"): readonly string[] {
  const model = modelFolder(size);
  const copies: readonly (readonly [from: string, to: string])[] = [
    ...readdirSync(model)
      .filter((name) => PLAYS.test(name))
      .map((name): [string, string] => [join(model, name), `${size}/${name}`]),
    ...[PALETTE, ORCHESTRA].map((file): [string, string] => [file, basename(file)]),
    ...Object.values(RUNTIMES).map((name): [string, string] => [runtimeFile(name), name]),
  ];
  mkdirSync(join(folder, size), { recursive: true });
  for (const [from, to] of copies) cpSync(from, join(folder, to));
  return copies.map(([, to]) => to);
}
