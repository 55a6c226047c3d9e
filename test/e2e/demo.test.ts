import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findChromium } from "../helpers/chromium.ts";

const CONFIG = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));
/** Where to look at what was seen. */
const PICTURES = fileURLToPath(new URL("../../.cache/e2e/", import.meta.url));
/** Long: software rendering on a busy machine draws a few frames a second. */
const PATIENCE = 180_000;
/** What Chromium says about taking a screenshot of WebGL, and of every page with sound that is loaded again. */
const OWN_DOING = /GPU stall due to ReadPixels|AudioContext was not allowed to start/;
/** Below the site's root, as on a page of a larger site. */
const BASE = "/games/lantern/";
/**
 * How far the script walks: to the first lantern, or with `WALK=whole` to the sunrise, which takes two minutes
 * more. Both walk faster than a person, and the music goes twice as fast; `WALK=real` walks the whole as a person does.
 */
const WALK = process.env["WALK"] ?? "short";
const isReal = WALK === "real";
const HASTE = isReal ? "" : "?pace=4&tempo=2";
const whole = test.skipIf(WALK === "short");

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
    base: BASE,
    build: out,
    preview: { host: "127.0.0.1", port: 0 },
  });
  const address = server.resolvedUrls?.local[0] ?? "";
  origin = new URL(address).origin;
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-webgpu"],
  });
  page = await browser.newPage({ viewport: { width: 320, height: 180 } });
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
  await page.goto(`${address}${HASTE}`);
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(site, { recursive: true, force: true });
});

/** One walk: where a step fails, those after it cannot be taken. */
let failed = false;
beforeEach(({ skip }) => skip(failed, "the walk has stopped before"));
afterEach(({ task }) => {
  failed ||= task.result?.state === "fail";
});

/** Waits until the page says so of the game; `condition` is a list of CSS attribute selectors. */
const game = (condition: string): Promise<void> =>
  page.locator(`body${condition}`).waitFor({ state: "attached" });

const picture = async (name: string): Promise<void> => {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

const read = (name: string): Promise<string> =>
  page.evaluate((key) => document.body.dataset[key] ?? "", name);

/** Follows the mote with one key until the lantern waits, and holds it until it has taken over. */
async function wake(lantern: number): Promise<void> {
  await page.keyboard.down("KeyF");
  await game('[data-ready="true"]');
  await picture(`${lantern}-ready`);
  await page.keyboard.down("Space");
  await game('[data-kindling="true"]');
  await page.keyboard.up("Space");
  await game(`[data-lanterns="${lantern}"]`);
  await page.keyboard.up("KeyF");
  await picture(`${lantern}-lit`);
}

test("the title waits, the first key brings the theme, and the walk begins in the meadow", async () => {
  await game('[data-screen="title"]');
  await page.keyboard.press("ArrowDown");
  await game('[data-moods~="title"]');
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"][data-moods~="wander"]');
});

test("who stands still hears the music rest", async () => {
  await game('[data-moods~="rest"]');
});

test("the fireflies wake the first lantern, and the melody is back", async () => {
  await wake(1);
  await game('[data-moods~="wander-1"]');
});

whole("in the wood the Hush takes the light, and one wakes at the last lantern", async () => {
  await page.keyboard.down("KeyF");
  await game('[data-stingers~="owl"]');
  await page.keyboard.up("KeyF");
  await game('[data-moods~="danger"]');
  await game('[data-moods~="ember"]');
});

whole("the owls wake the second lantern", async () => {
  await wake(2);
  await game('[data-moods~="wander-2"]');
});

whole("after a reload walk and music go on where they were", async () => {
  await page.reload();
  await game('[data-screen="title"][data-lanterns="2"]');
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"][data-moods]');
  expect((await read("moods")).split(" ")).not.toContain("title");
});

whole("the stones of the lake carry on the beat, to the third lantern", async () => {
  await wake(3);
  await game('[data-moods~="mystery-3"]');
});

whole("three crystals wake the fourth", async () => {
  await wake(4);
  await game('[data-moods~="mystery-4"]');
});

whole(
  "on the ridge the Hush is all around, and then the sun rises over the whole theme",
  async () => {
    await wake(5);
    await game('[data-moods~="danger"][data-moods~="sunrise"]');
    await game('[data-screen="credits"][data-dawn="1.00"]');
    await picture("credits");
  },
);

whole("every kind of transition and every stinger was heard", async () => {
  for (const sync of ["beat", "bar", "phrase"]) {
    expect((await read("transitions")).split(" ")).toContain(sync);
  }
  // Those of the wood were heard before the page was reloaded.
  for (const stinger of ["spark", "touch", "wake", "alarm"]) {
    expect((await read("stingers")).split(" ")).toContain(stinger);
  }
});

// A walk in a hurry on a busy machine without a graphics card may leave the sound too little time.
test.runIf(isReal)("nothing of the music came too late", async () => {
  expect(await read("late")).toBe("0");
});

test("nothing was fetched from elsewhere and nothing complained", () => {
  expect(requested.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(origin))).toEqual(
    [],
  );
  expect(complaints).toEqual([]);
});
