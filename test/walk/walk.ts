import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright";
import { launchBrowser, withPage } from "../helpers/browser.ts";
import { buildDemo, gameIs } from "../helpers/built-demo.ts";
import { remove, serveFolder } from "../helpers/built-game.ts";
import type { FileServer } from "../helpers/file-server.ts";
import { EAGER_MEMORY, watchMemory, type Memory } from "../helpers/memory-watch.ts";
import type { WalkOptions } from "./options.ts";
import type { Drawn } from "./page/picture.ts";
import type { Cue, Moment, Taped, Tune } from "./page/watch.ts";
import { createWalker } from "./walker.ts";

/** What was seen and heard on a walk. */
export interface Walked {
  readonly browser: string;
  readonly taped: Taped;
  readonly cues: readonly Cue[];
  readonly moments: readonly Moment[];
  readonly tunes: readonly Tune[];
  readonly faults: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  /** With the music, and on a shorter walk without. */
  readonly drawn: Drawn;
  readonly silent: Drawn;
  readonly memory: readonly { readonly minute: number; readonly memory: Memory }[];
  readonly weight: Weight;
  readonly lanterns: string;
}

/** Bytes that the page fetches until its title is seen, and the heavy files after that. */
interface Weight {
  readonly page: number;
  readonly heavy: number;
}

/** Minutes that are recorded at most: two channels of a minute are 21 MB in the page. */
const RECORDED = 3;
/** Seconds of walking without music, with which frame times are compared. */
const SILENT = 30;
/** Seconds that the game may load and settle before frames count. */
const SETTLES = 5;
/** Minutes between two measures of memory. */
const MEMORY_EVERY = 2;
const HEAVY = /\.(onnx|sf3|wasm)$/;
/** Servers send these as they are. */
const PACKED = /\.(onnx|sf3|webp)$/;
/** Plays the built game at real time in a real browser, with the keyboard; the recording goes to `wav`. */
export async function takeWalk(options: WalkOptions, wav: string): Promise<Walked> {
  const folder = await buildDemo();
  const server = await serveFolder(folder, { headers: ISOLATED });
  const browser = await launchBrowser({ flags: [EAGER_MEMORY] });
  try {
    const silent = await withPage(browser, `${server.origin}/?silent`, (page) =>
      walkInSilence(page, options),
    );
    const heard = await withPage(browser, `${server.origin}/`, (page) =>
      walkWithMusic({ browser, page, wav, options }),
    );
    const weight = await weigh(server, folder);
    return { ...heard, silent, weight, browser: browser.version() };
  } finally {
    await browser.close();
    await server.stop();
    await remove(folder);
  }
}

/** Browsers tell of memory only to pages that are isolated. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

async function walkInSilence(page: Page, { size }: WalkOptions): Promise<Drawn> {
  await page.setViewportSize(size);
  const walker = createWalker(page, SETTLES);
  await titleOf(page);
  await walker.begin();
  await page.evaluate(() => watched.beginPicture());
  await walker.walk(SILENT);
  return page.evaluate(() => watched.drawn());
}

const titleOf = (page: Page): Promise<void> => gameIs(page, '[data-screen="title"]');

interface Visit {
  readonly browser: Browser;
  readonly page: Page;
  readonly wav: string;
  readonly options: WalkOptions;
}

async function walkWithMusic({
  browser,
  page,
  wav,
  options: { minutes, size },
}: Visit): Promise<Omit<Walked, "browser" | "silent" | "weight">> {
  await page.setViewportSize(size);
  await titleOf(page);
  const walker = createWalker(page);
  const begun = performance.now();
  const minute = (): number => (performance.now() - begun) / 60_000;
  const title = walker.begin();
  await page.waitForFunction(() => (watched.music()?.snapshot().time ?? 0) > 0);
  await page.evaluate(() => watched.record());
  await title;
  await page.evaluate(() => watched.beginPicture());
  await walker.walk(60 * (Math.min(minutes, RECORDED) - minute()));
  const taped = await page.evaluate(() => watched.stop());
  const downloading = page.waitForEvent("download");
  await page.evaluate(() => watched.save());
  await (await downloading).saveAs(wav);

  const { measure } = await watchMemory(browser, page, () => page.evaluate(() => watched.memory()));
  const memory = [{ minute: minute(), memory: await measure() }];
  while (minute() < minutes) {
    await walker.walk(60 * Math.min(MEMORY_EVERY, minutes - minute()));
    memory.push({ minute: minute(), memory: await measure() });
  }
  return page.evaluate(
    ([tape, sizes]) => ({
      taped: tape,
      memory: sizes,
      cues: watched.cues(),
      moments: watched.moments(),
      tunes: watched.tunes(),
      faults: watched.faults(),
      counters: watched.counters(),
      drawn: watched.drawn(),
      lanterns: document.body.dataset["lanterns"] ?? "0",
    }),
    [taped, memory] as const,
  );
}

/** As a server sends them: packed, but for what is packed already. */
async function weigh({ asked }: FileServer, folder: string): Promise<Weight> {
  const paths = new Set(asked.map(({ path }) => (path === "/" ? "/index.html" : path)));
  const weight = { page: 0, heavy: 0 };
  for (const path of paths) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes === undefined) continue;
    const size = PACKED.test(path) ? bytes.length : gzipSync(bytes).length;
    weight[HEAVY.test(path) ? "heavy" : "page"] += size;
  }
  return weight;
}
