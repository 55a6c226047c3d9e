/**
 * Takes the pictures of the demo game's places and screens that the documentation shows, in a real browser, at
 * 1280 × 720: `npm run pictures`, or `npm run pictures -- overlay title` for some of them. They go to `docs/images`.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { placeAt } from "../../demo-game/game/map.ts";
import { newGame, type GameState } from "../../demo-game/game/state.ts";
import { launchBrowser, withPage } from "../helpers/browser.ts";
import { buildDemo, gameIs } from "../helpers/built-demo.ts";
import { remove, serveFolder } from "../helpers/built-game.ts";

const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const SIZE = { width: 1280, height: 720 };
const QUALITY = 0.86;
/** As long as the music plays: a machine without a graphics card draws no more of it in time. */
const SMALL = { width: 320, height: 180 };
/** Seconds in which the picture settles, and in which the music comes to the mood of the place. */
const SETTLES = 4;
const PLAYS = 24;
/** Seconds in which the eye rises from the title to where it looks down on a walk. */
const RISES = 5;
/** Seconds of walking to and fro: who stands hears a rest. */
const STROLL = 1.5;

/** Where each place is looked at. */
const PLACES: Readonly<Record<string, Partial<GameState>>> = {
  meadow: { lanterns: 1, at: { x: -26.4, z: 1.6 } },
  wood: { lanterns: 1, at: { x: -5.2, z: -0.4 }, hush: hushAt(3, 7) },
  lake: { lanterns: 2, at: spotOf(2, 4), act: reached(2, [0, 1, 2, 3, 4]), hush: hushAt(46, 7) },
  cave: { lanterns: 3, at: { x: 64.5, z: 0.6 }, hush: hushAt(77, 6) },
  siege: { lanterns: 4, at: { x: 105.6, z: 1.2 }, act: { ...reached(4, []), courage: 0.1 } },
  ridge: { lanterns: 5, at: { x: 104.4, z: 1 }, dawn: 1 },
};

function reached(place: number, order: readonly number[]): GameState["act"] {
  return { done: placeAt(place).tokens.map((_, i) => order.includes(i)), order, courage: 0 };
}

function hushAt(x: number, z: number): GameState["hush"] {
  return { x, z, presence: 1, chasing: false };
}

function spotOf(place: number, token: number): GameState["at"] {
  const { tokens, lantern } = placeAt(place);
  return tokens[token] ?? lantern;
}

/** Goes on with a walk that stands there, and looks until the eye has come to rest. */
async function standAt(page: Page, part: Partial<GameState>): Promise<void> {
  await goOn(page, { ...newGame(), sighted: 5, ...part });
  await page.waitForTimeout(1000 * RISES);
  await page.setViewportSize(SIZE);
}

/** Holds the second lantern, and looks while its colour spreads over the wood. */
async function wakeLantern(page: Page): Promise<void> {
  const act = reached(1, [0, 1, 2, 3]);
  await goOn(page, { ...newGame(), sighted: 5, lanterns: 1, at: placeAt(1).lantern, act });
  await page.waitForTimeout(1000 * SETTLES);
  await page.keyboard.down("Space");
  await gameIs(page, '[data-kindling="true"]');
  await page.keyboard.up("Space");
  await gameIs(page, '[data-lanterns="2"]');
  await page.setViewportSize(SIZE);
}

/** From the title to what is shown. */
const SHOWN: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(PLACES).map(([name, part]) => [name, (page: Page) => standAt(page, part)]),
  ),
  waking: wakeLantern,
  title: () => Promise.resolve(),
  options: async (page) => {
    await page.click("#options");
    await page.click("summary");
  },
  credits: (page) => page.click("#credits"),
  ribbon: (page) => playOn(page, 2, "KeyR"),
  overlay: (page) => playOn(page, 3, "KeyO"),
};

/** Goes on with a walk that has come to a lantern, some steps further, and presses a key. */
async function playOn(page: Page, lanterns: number, key: string): Promise<void> {
  const { lantern } = placeAt(lanterns - 1);
  const at = { x: lantern.x - 1.2, z: lantern.z - 1 };
  await goOn(page, { ...newGame(), sighted: lanterns, lanterns, at });
  await gameIs(page, "[data-moods]");
  await page.keyboard.press(key);
  for (let at = 0; at < PLAYS; at += 2 * STROLL) {
    for (const way of ["KeyD", "KeyA"]) await page.keyboard.press(way, { delay: 1000 * STROLL });
  }
  await page.setViewportSize(SIZE);
  await page.keyboard.down("KeyD");
}

/** Goes on with this walk. */
async function goOn(page: Page, state: GameState): Promise<void> {
  await page.setViewportSize(SMALL);
  await page.evaluate((walk) => localStorage.setItem("lantern-forest:walk", JSON.stringify(walk)), {
    seed: 1,
    state,
  });
  await page.reload();
  await gameIs(page, '[data-screen="title"]');
  await page.keyboard.press("Enter");
  await gameIs(page, '[data-screen="walk"]');
}

/** Takes a picture and lets the browser pack it. */
async function photograph(page: Page): Promise<Buffer> {
  await page.waitForTimeout(1000 * SETTLES);
  const shot = await page.screenshot();
  const packed = await page.evaluate(
    async ([base64, quality]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    },
    [shot.toString("base64"), QUALITY] as const,
  );
  return Buffer.from(packed, "base64");
}

const wanted = process.argv.slice(2);
const folder = await buildDemo();
const server = await serveFolder(folder);
const browser = await launchBrowser();
try {
  for (const [name, show] of Object.entries(SHOWN)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await withPage(browser, `${server.origin}/?sharp`, async (page) => {
      await page.setViewportSize(SIZE);
      await gameIs(page, '[data-screen="title"]');
      await show(page);
      await writeFile(`${IMAGES}lantern-forest-${name}.webp`, await photograph(page));
    });
    console.log(`docs/images/lantern-forest-${name}.webp`);
  }
} finally {
  await browser.close();
  await server.stop();
  await remove(folder);
}
