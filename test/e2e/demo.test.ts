import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright";
import { build, preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { placeAt } from "../../demo-game/game/map.ts";
import { gameIs } from "../helpers/built-demo.ts";
import { PATIENCE } from "../helpers/built-game.ts";
import { findChromium } from "../helpers/chromium.ts";
import { walkTogether } from "../helpers/one-walk.ts";

const CONFIG = fileURLToPath(new URL("../../vite.config.ts", import.meta.url));
/** Where to look at what was seen. */
const PICTURES = fileURLToPath(new URL("../../.cache/e2e/", import.meta.url));
/** What Chromium says about taking a screenshot of WebGL, and of every page with sound that is loaded again. */
const OWN_DOING = /GPU stall due to ReadPixels|AudioContext was not allowed to start/;
/** Below the site's root, as on a page of a larger site. */
const BASE = "/games/lantern/";
/** The script walks faster than a person, and the music goes twice as fast; `WALK=real` walks as a person does. */
const isReal = process.env["WALK"] === "real";
const HASTE = isReal ? "" : "?pace=4&tempo=2";
/** What of the score a walk from title to sunrise must bring to be heard, each at least once. */
const ALL = {
  places: ["meadow", "wood", "lake", "cave", "ridge"],
  moods: [
    ...["title", "wander", "wander-1", "wander-2", "wander-4", "mystery", "mystery-3", "mystery-4"],
    ...["rest", "deep-rest", "danger", "ember", "sunrise", "home"],
  ],
  transitions: ["beat", "bar", "phrase"],
  stingers: ["glimpse", "spark", "owl", "touch", "wake", "alarm"],
} as const;
/** Metres to the east: in the lake's place before the water, and on the ridge before the beacon. */
const SHORE = 18;
const RIDGE = 91;
/** Faults of a machine that is too busy to draw and to play; all others would be the engine's own. */
const BUSY = new Set(["render-late", "generation-late", "sync-point-missed"]);

let site: string;
let server: PreviewServer;
let browser: Browser;
let page: Page;
let origin: string;
/** What was heard before the page was loaded again, by kind. */
const before = new Map<string, string>();
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

walkTogether();

const game = (condition: string): Promise<void> => gameIs(page, condition);

const picture = async (name: string): Promise<void> => {
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

const read = (name: string): Promise<string> =>
  page.evaluate((key) => document.body.dataset[key] ?? "", name);

/** Names of what was heard on the whole walk so far. */
const heard = async (kind: string): Promise<readonly string[]> =>
  `${before.get(kind) ?? ""} ${await read(kind)}`.trim().split(" ");

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

/** Walks up and down there until a mood was heard: who stands still hears a rest, and who hurries comes too soon. */
async function strollUntil(mood: string, east: number): Promise<void> {
  while (!(await read("moods")).split(" ").includes(mood)) {
    const way = east - Number.parseFloat(await read("at"));
    await page.keyboard.press(way > 0 ? "KeyD" : "KeyA", { delay: Math.abs(way) > 9 ? 300 : 100 });
    await page.waitForTimeout(100);
  }
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
  await strollUntil("wander-1", placeAt(0).lantern.x);
});

test("in the wood the Hush takes the light, and one wakes at the last lantern", async () => {
  await page.keyboard.down("KeyF");
  await game('[data-stingers~="owl"]');
  await page.keyboard.up("KeyF");
  await game('[data-moods~="danger"]');
  await game('[data-moods~="ember"]');
});

test("the owls wake the second lantern", async () => {
  await wake(2);
  await strollUntil("wander-2", placeAt(1).lantern.x);
});

test("after a reload walk and music go on where they were", async () => {
  for (const kind of [...Object.keys(ALL), "faults"]) before.set(kind, await read(kind));
  await page.reload();
  await game('[data-screen="title"][data-lanterns="2"]');
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"][data-moods]');
  expect((await read("moods")).split(" ")).not.toContain("title");
});

test("the lake has a mood of its own, and a rest for who stands still on its shore", async () => {
  await strollUntil("mystery", SHORE);
  await game('[data-moods~="deep-rest"]');
});

test("the stones of the lake carry on the beat, to the third lantern", async () => {
  await wake(3);
  await strollUntil("mystery-3", placeAt(2).lantern.x);
});

test("three crystals wake the fourth", async () => {
  await wake(4);
  await strollUntil("mystery-4", placeAt(3).lantern.x);
});

test("on the ridge the Hush is all around, and then the sun rises over the whole theme", async () => {
  await strollUntil("wander-4", RIDGE);
  await wake(5);
  await game('[data-moods~="danger"][data-moods~="sunrise"]');
  await game('[data-screen="credits"][data-dawn="1.00"]');
  await picture("credits");
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"][data-moods~="home"]');
});

test.each(["places", "moods", "transitions", "stingers"] as const)(
  "all %s of the score were heard",
  async (kind) => {
    const names = await heard(kind);
    expect(ALL[kind].filter((name) => !names.includes(name))).toEqual([]);
  },
);

test("nothing of the music failed but by want of time", async () => {
  const faults = (await heard("faults")).filter((code) => code !== "" && !BUSY.has(code));
  expect(faults).toEqual([]);
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
