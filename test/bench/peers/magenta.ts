/** A page that writes trios with Magenta's MusicVAE and random weights: how fast, not how well. */
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threads from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { ready, setBackend } from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { randomCheckpoint, TRIO, TRIO_CELLS } from "./trio.ts";

const CHECKPOINT = "checkpoint";

setWasmPaths({
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": threads,
});

/** Magenta keeps the `fetch` that it finds when it is loaded. */
const { fetch } = globalThis;
globalThis.fetch = (input, init) =>
  typeof input === "string" && input.startsWith(CHECKPOINT)
    ? randomCheckpoint(input)
    : fetch(input, init);
const { MusicVAE } = await import("@magenta/music/esm/music_vae/index.js");

const trio = new MusicVAE(CHECKPOINT, TRIO);

/** Loads the network into a backend and writes once. Rejects where this browser has none. */
async function open(backend: string): Promise<void> {
  if (!(await setBackend(backend))) throw new Error(`this browser has no ${backend}`);
  await ready();
  await trio.initialize();
  await write(1);
}

/** Milliseconds for so many trios of four bars at once. */
async function write(count: number): Promise<number> {
  const begin = performance.now();
  const written = await trio.sample(count, 0);
  const time = performance.now() - begin;
  if (written.length !== count)
    throw new Error(`${count} trios were wanted, ${written.length} came`);
  return time;
}

const page = { open, write, TRIO_CELLS };
export type MagentaPage = typeof page;

declare global {
  // oxlint-disable-next-line no-var -- a global's type needs it
  var magenta: MagentaPage;
}

globalThis.magenta = page;
