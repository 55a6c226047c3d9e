import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { buildDemo, gameIs } from "../helpers/built-demo.ts";
import { PATIENCE, remove, serveFolder } from "../helpers/built-game.ts";
import { walkTogether } from "../helpers/one-walk.ts";
import type { FileServer } from "../helpers/file-server.ts";

declare const pads: (Pick<Gamepad, "axes" | "buttons"> | null)[];

let folder: string;
let server: FileServer;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  folder = await buildDemo();
  server = await serveFolder(folder);
  browser = await launchBrowser();
  await openDemo();
  for (const file of await heavy(".sf3")) server.fail(file, { lasting: 6 });
  for (const file of await heavy(".onnx")) server.fail(file, { lasting: 15 });
  await page.goto(server.origin);
}, PATIENCE);

/** A page of its own profile, with nothing kept. */
async function openDemo(): Promise<void> {
  page = await browser.newPage({ viewport: { width: 320, height: 180 } });
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => errors.push(error.message));
  // A browser without hands has no gamepad: one is put where the game looks for it.
  await page.addInitScript("globalThis.pads = []; navigator.getGamepads = () => globalThis.pads");
}

/** Addresses of the heavy files with an ending. */
const heavy = async (ending: string): Promise<readonly string[]> =>
  (await readdir(join(folder, "assets")))
    .filter((file) => file.endsWith(ending))
    .map((file) => `/assets/${file}`);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await remove(folder);
});

walkTogether();

const game = (condition: string): Promise<void> => gameIs(page, condition);

/** Waits until the notice says this; nothing: until there is none. */
const notice = async (text: string): Promise<void> => {
  const line = page.locator("#notice");
  if (text === "") await line.locator("xpath=self::*[not(text())]").waitFor({ state: "attached" });
  else await line.filter({ hasText: text }).waitFor({ state: "attached" });
};

/** Waits until the walker is somewhere else than now. */
async function walks(): Promise<void> {
  const from = await page.evaluate(() => document.body.dataset["at"]);
  await page.waitForFunction((at) => document.body.dataset["at"] !== at, from);
}

/** Metres to the east. */
const x = (): Promise<number> =>
  page.evaluate(() => Number.parseFloat(document.body.dataset["at"] ?? ""));

/** Waits until the walker is where it was half a second before. */
async function stands(): Promise<void> {
  for (let [before, now] = [Number.NaN, await x()]; before !== now;) {
    await page.waitForTimeout(500);
    [before, now] = [now, await x()];
  }
}

/** Walks on from the pause. */
async function walkOn(): Promise<void> {
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"]');
}

/** How many colours the middle of the page has, each channel in 32 steps. */
async function colours(): Promise<number> {
  const shot = await page.screenshot({ clip: { x: 60, y: 40, width: 200, height: 90 } });
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
    const found = new Set<number>();
    for (let at = 0; at < pixels.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = [pixels[at], pixels[at + 1], pixels[at + 2]];
      found.add(((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3));
    }
    return found.size;
  }, shot.toString("base64"));
}

test("over a slow network one walks while the instruments arrive, then the music joins in", async () => {
  await game('[data-screen="title"]');
  await page.keyboard.press("ArrowDown");
  await page.locator("#hint").filter({ hasText: "Instruments: " }).waitFor({ state: "attached" });
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await game('[data-screen="walk"]:not([data-moods])');
  await page.keyboard.down("KeyD");
  await walks();
  await page.keyboard.up("KeyD");
  await game('[data-moods~="wander"]');
  await notice("");
});

test("a gamepad that is unplugged pauses the walk and says so, until it is back", async () => {
  const plug = (axes: readonly number[]): Promise<void> =>
    page.evaluate((tilt) => {
      pads.splice(0, 1, { axes: tilt, buttons: [] });
      dispatchEvent(new Event("gamepadconnected"));
    }, axes);
  await plug([-1, 0]);
  await walks();
  await page.evaluate(() => {
    pads.splice(0, 1, null);
    dispatchEvent(new Event("gamepaddisconnected"));
  });
  await game('[data-screen="pause"]');
  await notice("plug it in, or use keys");
  await plug([0, 0]);
  await notice("");
  await walkOn();
});

test("a hidden tab pauses the walk; one that loses the keyboard lets go of its keys", async () => {
  // A browser without a screen hides no page and takes no focus away: it is told as browsers tell it.
  const hide = (isHidden: boolean): Promise<void> =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  await page.keyboard.down("KeyD");
  await walks();
  await page.evaluate(() => void dispatchEvent(new Event("blur")));
  const from = await x();
  await stands();
  expect((await x()) - from).toBeLessThan(4);
  await page.keyboard.up("KeyD");
  await hide(true);
  await game('[data-screen="pause"]');
  await hide(false);
  await walkOn();
});

test("where the sound device stops one walks on, and any key brings the music back", async () => {
  await page.keyboard.down("KeyA");
  await page.evaluate(() => watched.music()?.audioContext.suspend());
  await notice("The sound stopped: click or press a key");
  await walks();
  await page.keyboard.up("KeyA");
  await page.keyboard.press("KeyX");
  await notice("");
  expect(await page.evaluate(() => watched.music()?.audioContext.state)).toBe("running");
});

test("a lost graphics card pauses the walk and says so; once it is back the picture is", async () => {
  const before = await colours();
  await page.evaluate(() => {
    const gl = document.querySelector<HTMLCanvasElement>("#stage")?.getContext("webgl2");
    const card = gl?.getExtension("WEBGL_lose_context");
    card?.loseContext();
    addEventListener("card-is-back", () => card?.restoreContext());
  });
  await game('[data-screen="pause"]');
  await notice("if it does not come back, reload: the walk is kept");
  await page.evaluate(() => void dispatchEvent(new Event("card-is-back")));
  await notice("");
  await walkOn();
  await page.keyboard.down("KeyD");
  await walks();
  await page.keyboard.up("KeyD");
  await page.evaluate(() => watched.beginPicture());
  await page.waitForFunction(() => watched.drawn().frames > 5);
  expect(await page.evaluate(() => watched.drawn().triangles.mean)).toBeGreaterThan(5000);
  expect(await colours()).toBeGreaterThan(before / 2);
});

test("a store that is full is told of, and one walks on", async () => {
  const fill = (): void => {
    localStorage.clear();
    for (let size = 2 ** 22; size >= 1; size /= 2) {
      for (let nth = 0; nth < 3; nth += 1) {
        try {
          localStorage.setItem(`rubbish ${size} ${nth}`, "x".repeat(size));
        } catch {
          break; // Full but for less than this.
        }
      }
    }
  };
  await page.evaluate(fill);
  await page.keyboard.press("Escape");
  await game('[data-screen="pause"]');
  await notice("leave the page open");
  // As it led into the menu it leads out of it.
  await page.keyboard.press("Escape");
  await game('[data-screen="walk"]');
  await page.keyboard.down("KeyA");
  await walks();
  await page.keyboard.up("KeyA");
  await page.evaluate(() => localStorage.clear());
  await page.keyboard.press("Escape");
  await notice("");
});

test("music of a kept walk that cannot be read is said to be lost, and begins afresh", async () => {
  await page.evaluate(() => {
    const walk = JSON.parse(localStorage.getItem("lantern-forest:walk") ?? "") as object;
    localStorage.setItem("lantern-forest:walk", JSON.stringify({ ...walk, music: "scratched" }));
  });
  await page.reload();
  await game('[data-screen="title"]:not([data-moods])');
  await page.keyboard.press("Enter");
  await notice("it begins afresh");
  await game('[data-screen="walk"][data-moods]');
});

test("where the sound is gone for good one is told to reload, and walks on", async () => {
  await page.evaluate(() => watched.music()?.audioContext.close());
  await notice("walk on in silence, or reload, the walk is kept");
  await page.keyboard.press("Escape");
  await game('[data-screen="pause"]');
  await walkOn();
  await page.keyboard.down("KeyD");
  await walks();
  await page.keyboard.up("KeyD");
});

test("without instruments one walks in silence, and a reload brings them", async () => {
  await page.context().close();
  await openDemo();
  for (const file of await heavy(".sf3")) server.fail(file, { status: 404 });
  await page.goto(server.origin);
  await game('[data-screen="title"]');
  await page.keyboard.press("Enter");
  await notice("There are no instruments: walk on in silence, or reload later");
  await page.keyboard.down("KeyD");
  await walks();
  await page.keyboard.up("KeyD");
  expect(await page.evaluate(() => document.body.dataset["moods"])).toBeUndefined();
  await page.reload();
  await game('[data-screen="title"]');
  await page.keyboard.press("Enter");
  await game("[data-moods]");
  await notice("");
});

test("nothing of all this was an error that nobody caught", () => {
  expect(errors).toEqual([]);
});
