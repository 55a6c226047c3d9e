import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../helpers/chromium.ts";

const CONFIG = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));
/** Where to look at what was seen. */
const PICTURES = fileURLToPath(new URL("../../.cache/e2e/", import.meta.url));
/** Long: software rendering on a busy machine draws a few frames a second. */
const PATIENCE = 120_000;
/** What Chromium says about taking a screenshot of WebGL, not about the page. */
const OWN_DOING = /GPU stall due to ReadPixels/;

let site: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;
let origin: string;
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "lantern-forest-"));
  const out = { outDir: site, emptyOutDir: true };
  await build({ configFile: CONFIG, logLevel: "error", build: out });
  server = await preview({
    configFile: CONFIG,
    logLevel: "error",
    build: out,
    preview: { host: "127.0.0.1", port: 0 },
  });
  const address = server.resolvedUrls?.local[0] ?? "";
  origin = new URL(address).origin;
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-webgpu"],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(PATIENCE);
  page.on("request", (request) => requested.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !OWN_DOING.test(text)) {
      complaints.push(text);
    }
  });
  await mkdir(PICTURES, { recursive: true });
  await page.goto(address);
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(site, { recursive: true, force: true });
});

/** Waits until the overlay says so; `condition` is a list of CSS attribute selectors. */
const overlay = (condition: string): Promise<void> =>
  page.locator(`#overlay${condition}`).waitFor({ state: "attached" });

async function walk(key: string, condition: string): Promise<void> {
  await page.keyboard.down(key);
  await overlay(condition).finally(() => page.keyboard.up(key));
}

const picture = async (name: string): Promise<void> => {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

test("the title waits, and the first key starts the music in the meadow", async () => {
  await overlay('[data-state="idle"]');
  await picture("1-title");
  await page.keyboard.press("Space");
  await overlay('[data-state="playing"][data-location="meadow"]');
  await overlay('[data-mood="wander"][data-sources*="melody:"]');
  await picture("2-meadow");
});

test("takes from the model appear once the model is there", async () => {
  await overlay('[data-generator="ready"]');
  await overlay('[data-sources*=":model"]');
});

test("in the wood waits the Hush, and near it the music turns to danger", async () => {
  await walk("ArrowRight", '[data-location="wood"]');
  await walk("KeyD", '[data-mood="danger"]');
  await picture("3-wood");
});

test("in the cave, away from the Hush, the danger passes", async () => {
  await walk("ArrowRight", '[data-location="cave"]');
  await page.keyboard.down("ArrowRight");
  await overlay('[data-mood="mystery"]').finally(() => page.keyboard.up("ArrowRight"));
  await picture("4-cave");
});

test("a held pointer walks as well, back to the wood", async () => {
  await page.mouse.move(60, 460);
  await page.mouse.down();
  await overlay('[data-location="wood"]').finally(() => page.mouse.up());
});

test("O hides and shows the overlay", async () => {
  await page.keyboard.press("KeyO");
  expect(await page.locator("#overlay").isVisible()).toBe(false);
  await picture("5-without-overlay");
  await page.keyboard.press("KeyO");
  expect(await page.locator("#overlay").isVisible()).toBe(true);
});

test("M mutes, by key and by its button", async () => {
  const mute = page.locator("#mute");
  await page.keyboard.press("KeyM");
  expect(await mute.getAttribute("aria-pressed")).toBe("true");
  await mute.click();
  expect(await mute.getAttribute("aria-pressed")).toBe("false");
});

test("nothing was fetched from elsewhere and nothing complained", () => {
  expect(requested.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(origin))).toEqual(
    [],
  );
  expect(complaints).toEqual([]);
});
