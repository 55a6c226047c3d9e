/**
 * Completes what `tsc -b` has put into `dist/`, so that the package works from there: worker addresses
 * (which the compiler leaves alone) name the emitted files, model and soundfonts lie where the emitted
 * code looks for them, and the score's schema where `package.json` says. `npm run package`.
 */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const path = (relative: string): string =>
  fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const WORKER_ADDRESS = /new URL\("([^"]+)\.ts", import\.meta\.url\)/g;

for (const file of [
  "dist/engine/generator-worker/client.js",
  "dist/engine/loader-worker/client.js",
  "dist/engine/renderer-worker/client.js",
]) {
  const source = await readFile(path(file), "utf8");
  const result = source.replaceAll(WORKER_ADDRESS, 'new URL("$1.js", import.meta.url)');
  const done = result !== source || source.includes('worker.js", import.meta.url)');
  if (!done) throw new Error(`${file} names no worker: has its code moved?`);
  await writeFile(path(file), result);
}

for (const name of ["band", "orchestra"]) {
  const soundfont = `engine/renderer-worker/palettes/${name}.sf3`;
  await cp(path(soundfont), path(`dist/${soundfont}`));
}
const schema = "engine/score/score.schema.json";
await cp(path(schema), path(`dist/${schema}`));
await rm(path("dist/models"), { recursive: true, force: true });
await cp(path("models/shipped"), path("dist/models/shipped"), {
  recursive: true,
  filter: (file) => !file.endsWith(".safetensors"), // for training on, not for playing
});
const notice = "models/NOTICE.corpora.md";
await cp(path(notice), path(`dist/${notice}`));
console.log("the package is complete in dist/");
