/**
 * Takes the pictures of the demo game's screens that the documentation shows, in a real browser, at 1280 × 720:
 * `npm run pictures`, or `npm run pictures -- overlay title` for some of them. They go to `docs/images`.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { placeAt } from "../../demo-game/game/map.ts";
import { newGame } from "../../demo-game/game/state.ts";
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
/** Seconds of walking to and fro: who stands hears a rest. */
const STROLL = 1.5;

/** From the title to what is shown. */
const SHOWN: Readonly<Record<string, (page: Page) => Promise<void>>> = {
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
  const state = { ...newGame(), lanterns, at: { x: lantern.x - 1.2, z: lantern.z - 1 } };
  await page.setViewportSize(SMALL);
  await page.evaluate((walk) => localStorage.setItem("lantern-forest:walk", JSON.stringify(walk)), {
    seed: 1,
    state,
  });
  await page.reload();
  await gameIs(page, '[data-screen="title"]');
  await page.keyboard.press("Enter");
  await gameIs(page, '[data-screen="walk"][data-moods]');
  await page.keyboard.press(key);
  for (let at = 0; at < PLAYS; at += 2 * STROLL) {
    for (const way of ["KeyD", "KeyA"]) await page.keyboard.press(way, { delay: 1000 * STROLL });
  }
  await page.setViewportSize(SIZE);
  await page.keyboard.down("KeyD");
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
