import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type InlineConfig, type Rolldown } from "vite";
import type { Browser } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import { progress } from "../progress.ts";
import { rowOf, type Labels, type Row } from "../report.ts";
import { buildConfig, openSite, temporaryFolder, type Site } from "../../helpers/site.ts";
import { exactly } from "../statistics.ts";
import type { Section } from "./section.ts";

/** A game that plays a score and asks for nothing else. */
const GAME = fileURLToPath(new URL("../page/smallest.ts", import.meta.url));
/** Packages that a game may hold already; counted with the download, not with the engine. */
const PACKAGES = /^(tone|comlink|midi-file|onnxruntime-web|spessasynth_core|yaml|zod)(\/|$)/;
const BANK = "bank";
const UNIT = "kB gzipped";
const LOAD_PATIENCE_MS = 120_000;

type Size = (bytes: Buffer) => number;
const gzipped: Size = (bytes) => gzipSync(bytes).length / 1000;
const plain: Size = (bytes) => bytes.length / 1000;

async function sum(folder: string, files: readonly string[], size = gzipped): Promise<number> {
  const contents = await Promise.all(files.map((file) => readFile(join(folder, file))));
  const sizes = contents.map(size);
  return sizes.reduce((total, size) => total + size, 0);
}

const row = (labels: Omit<Labels, "unit">, size: number): Row =>
  rowOf({ unit: UNIT, ...labels }, exactly(size));

/** The engine as a bundler leaves it when the packages it uses stay outside; the bank is a file of its own. */
const engineBuild = (outDir: string): InlineConfig =>
  buildConfig({
    publicDir: false,
    worker: { rolldownOptions: { external: PACKAGES } },
    build: {
      outDir,
      modulePreload: false,
      rolldownOptions: {
        input: GAME,
        external: PACKAGES,
        preserveEntrySignatures: "strict",
        output: { codeSplitting: { groups: [{ name: BANK, test: /bank\.json$/ }] } },
      },
    },
  });

/** Scripts that are loaded with the entry, of all that the build has written. */
function loadedAtOnce(output: readonly Chunk[]): ReadonlySet<string> {
  const byName = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<string>();
  const open = output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(byName.get(next)?.imports ?? []));
  }
  return found;
}

const isWorker = (file: string): boolean => /\/[^/]+-worker-[^/]*\.js$/.test(file);

type Chunk = Pick<Rolldown.OutputChunk, "fileName" | "isEntry" | "imports">;

async function engineRows(): Promise<readonly Row[]> {
  const folder = await temporaryFolder();
  try {
    const built = await build(engineBuild(folder));
    const output = Array.isArray(built) ? built.flatMap((each) => each.output) : [];
    const chunks = ("output" in built ? built.output : output).filter(
      (file) => file.type === "chunk",
    );
    const atOnce = loadedAtOnce(chunks);
    const files = (await readdir(join(folder, "assets"))).map((file) => `assets/${file}`);
    const scripts = files.filter((file) => file.endsWith(".js"));
    const isChunk = (file: string): boolean => chunks.some(({ fileName }) => fileName === file);
    const bank = scripts.filter((file) => file.startsWith(`assets/${BANK}-`));
    const code = scripts.filter((file) => !bank.includes(file));
    // Workers and what they load are no chunks of the page's build.
    const ofWorkers = code.filter((file) => !isChunk(file));
    const playing = code.filter((file) => atOnce.has(file) || isWorker(file));
    const writing = ofWorkers.filter((file) => !isWorker(file));
    const onDemand = code.filter((file) => ![...playing, ...ofWorkers].includes(file));
    return [
      row(
        { name: "engine code that plays, with its workers, without packages and bank", goal: 60 },
        await sum(folder, playing),
      ),
      row(
        { name: "engine code that writes notes, loaded while the model is" },
        await sum(folder, writing),
      ),
      row(
        { name: "engine code loaded on demand: scores as text, themes, recorded takes, saves" },
        await sum(folder, onDemand),
      ),
      row({ name: "engine's bank of phrases" }, await sum(folder, bank)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const MODEL = /\.onnx$|\/model[^/]*\.json$/;
interface Part {
  readonly name: string;
  readonly pattern: RegExp;
  readonly goal?: number;
}

/** The first pattern that fits counts. */
const PARTS: readonly Part[] = [
  {
    name: "model",
    pattern: MODEL,
    goal: 7000,
  },
  { name: "palette", pattern: /\.sf3$/, goal: 2000 },
  { name: "onnxruntime, WebAssembly", pattern: /\.wasm$/ },
  { name: "onnxruntime, script", pattern: /\/ort[^/]*\.m?js$/ },
  { name: "loader worker", pattern: /\/loader-worker-[^/]*\.js$/ },
  { name: "generator worker", pattern: /\/generator-worker-[^/]*\.js$/ },
  { name: "generator worker, what writes notes", pattern: /\/write-window-[^/]*\.js$/ },
  { name: "renderer worker", pattern: /\/renderer-worker-[^/]*\.js$/ },
  { name: "page and its script", pattern: /\.(html|js)$/ },
];

/** All that the smallest game fetches until its model writes. */
async function fetched(site: Site, browser: Browser): Promise<readonly string[]> {
  await withPage(browser, site.url, async (page) => {
    const missing = (): readonly Part[] =>
      PARTS.filter(({ pattern }) => ![...site.requested].some((path) => pattern.test(path)));
    for (let waited = 0; missing().length > 0; waited += 100) {
      if (waited > LOAD_PATIENCE_MS) {
        throw new Error(
          `not fetched: ${missing()
            .map(({ name }) => name)
            .join(", ")}`,
        );
      }
      await page.waitForTimeout(100);
    }
  });
  return [...site.requested];
}

async function downloadRows(browser: Browser): Promise<readonly Row[]> {
  const site = await openSite("bench/page/smallest.html");
  try {
    const files = new Set(await fetched(site, browser));
    const rows: Row[] = [];
    for (const { name, pattern, ...labels } of PARTS) {
      const own = [...files].filter((file) => pattern.test(file));
      for (const file of own) files.delete(file);
      const size = await sum(site.folder, own);
      rows.push(row({ name: `download: ${name}`, ...labels }, size));
    }
    if (files.size > 0) throw new Error(`what is ${[...files].join(", ")}?`);
    const total = rows.reduce((sum, { value }) => sum + value, 0);
    const model = await sum(
      site.folder,
      [...site.requested].filter((file) => MODEL.test(file)),
      plain,
    );
    return [
      ...rows,
      row({ name: "download: everything, WASM" }, total),
      rowOf({ name: "model's files, not compressed", unit: "kB" }, exactly(model)),
    ];
  } finally {
    await site.close();
  }
}

/** Bytes over the network, gzipped, of real builds. */
export const bytes: Section = async ({ browser }) => {
  const { step } = progress("bytes", 2);
  const engine = await engineRows();
  step();
  const download = await downloadRows(browser);
  step();
  return [...engine, ...download];
};
