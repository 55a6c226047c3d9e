/**
 * Writes `engine/shipped-files.json`: size and SHA-256 of the palettes' soundfonts and of onnxruntime's WebAssembly, by
 * which the engine checks and keeps what it has fetched, and its own version, by which it keeps speed tests. Part of `npm run palette`, and committed: both are
 * the same everywhere. A model's files have their hashes in its `model.json`.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ORCHESTRA, PALETTE, runtimeFile, RUNTIMES } from "./package-files.ts";

const OUTPUT = fileURLToPath(new URL("../../engine/shipped-files.json", import.meta.url));

function checkOf(file: string): { readonly bytes: number; readonly sha256: string } {
  const content = readFileSync(file);
  return { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

const PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));
const { version }: { readonly version: string } = JSON.parse(readFileSync(PACKAGE, "utf8"));

const found = {
  engine: version,
  palette: checkOf(PALETTE),
  orchestra: checkOf(ORCHESTRA),
  runtime: {
    wasm: checkOf(runtimeFile(RUNTIMES.wasm)),
    webgpu: checkOf(runtimeFile(RUNTIMES.webgpu)),
  },
};
const text = `${JSON.stringify(found, null, 2)}\n`;
const isSame = readFileSync(OUTPUT, { encoding: "utf8", flag: "a+" }) === text;
if (!isSame) writeFileSync(OUTPUT, text);
console.log(`engine/shipped-files.json ${isSame ? "is up to date" : "has changed: commit it"}`);
