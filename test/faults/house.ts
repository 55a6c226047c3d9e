import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright";
import { build } from "vite";
import { buildConfig } from "../bench/site.ts";
import { remove, serveFolder } from "../helpers/built-game.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "../helpers/chromium.ts";

/** A browser and the address of the page in which faults are caused. */
export interface Room {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** How a browser is started. */
export interface Launch {
  readonly flags?: readonly string[];
  /** Without WebGPU. */
  readonly noGpu?: boolean;
}

/** A built page on a server. */
export interface House {
  /** Starts a browser in it. */
  enter(launch?: Launch): Promise<Room>;
  close(): Promise<void>;
}

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
/** Headless Chromium has WebGPU with this flag alone. */
const GPU = "--enable-unsafe-webgpu";
const PATIENCE = 180_000;

/** Builds the page as a game would be built, and serves it. */
export async function openHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "attacca-faults-"));
  const root = fileURLToPath(new URL("page", import.meta.url));
  await build(buildConfig({ root, publicDir: false, build: { outDir: folder } }));
  const server = await serveFolder(folder, { headers: ISOLATION });
  return {
    async enter({ flags = [], noGpu = false } = {}) {
      const usual = CHROMIUM_ARGUMENTS.filter((flag) => !(noGpu && flag === GPU));
      const browser = await chromium.launch({
        executablePath: findChromium(),
        args: [...usual, ...flags],
      });
      return { url: server.origin, browser, close: () => browser.close() };
    },
    async close() {
      await server.stop();
      await remove(folder);
    },
  };
}

/** A page of its own profile, with an empty cache. */
export async function openPage({ browser, url }: Room): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => "faulty" in globalThis);
  return page;
}
