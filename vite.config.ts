import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Cross-origin isolation: it gives the workers precise timers and, where wanted, threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** What the demo, its build and the browser tests share. */
export const shared = {
  base: "./",
  resolve: {
    alias: [
      { find: "attacca/babylon", replacement: path("integrations/babylon/index.ts") },
      { find: /^attacca$/, replacement: path("engine/index.ts") },
    ],
  },
  worker: { format: "es" },
  build: { target: "esnext" },
  // A dependency that is found late reloads a cold page in mid-run: name them all. onnxruntime-web
  // finds its WebAssembly beside itself and must stay where it is.
  optimizeDeps: {
    include: ["comlink", "spessasynth_core", "tone", "yaml", "zod/mini"],
    exclude: ["onnxruntime-web"],
  },
  server: { headers },
  preview: { headers },
} satisfies UserConfig;

export default defineConfig({
  ...shared,
  root: path("demo-game"),
  build: { ...shared.build, outDir: path("dist/demo-game"), emptyOutDir: true },
});
