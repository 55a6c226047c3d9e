import { copyFile, cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shared } from "../../vite.config.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { gameIs, WATCHED } from "../helpers/built-demo.ts";
import { PATIENCE, remove } from "../helpers/built-game.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Within the project, so that packages are found. */
const CACHE = join(ROOT, ".cache");
const SCORE = "demo-game/lantern-forest.score.yaml";
/** What the game shows beside its own files. */
const SHOWN = ["NOTICE.md", "models/shipped/lite/MODEL_CARD.md"] as const;

let copy: string;
let server: ViteDevServer;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  await mkdir(CACHE, { recursive: true });
  copy = await mkdtemp(join(CACHE, "hot-score-"));
  await cp(join(ROOT, "demo-game"), join(copy, "demo-game"), {
    recursive: true,
    // It begins with one that lies elsewhere.
    filter: (file) => !file.endsWith("tsconfig.json"),
  });
  await mkdir(join(copy, "models/shipped/lite"), { recursive: true });
  for (const file of SHOWN) await copyFile(join(ROOT, file), join(copy, file));
  server = await createServer({
    ...shared,
    configFile: false,
    logLevel: "error",
    root: join(copy, "demo-game"),
    resolve: WATCHED,
    cacheDir: join(CACHE, "vite-hot-score"),
    server: { ...shared.server, host: "127.0.0.1", port: 0, fs: { allow: [ROOT] } },
  });
  await server.listen();
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 320, height: 180 } });
  page.setDefaultTimeout(PATIENCE / 2);
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(server.resolvedUrls?.local[0] ?? "");
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await remove(copy);
});

const game = (condition: string): Promise<void> => gameIs(page, condition);

/** Saves the score of the copy with one text in place of another. */
async function edit(from: string, to: string): Promise<void> {
  const file = join(copy, SCORE);
  const text = await readFile(file, "utf8");
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

test("a score that is saved while it plays takes over without a gap; one with a mistake is told of", async () => {
  await game('[data-screen="title"]');
  await page.keyboard.press("ArrowDown");
  await game('[data-moods~="title"]');
  await page.waitForFunction(() => (watched.music()?.snapshot().time ?? 0) > 1);
  await page.evaluate(() => watched.record());

  await edit("title: Lantern Forest", "title: Another Forest");
  // It begins where the old one was: its own recording begins with a save of that.
  const takesOver = await page.waitForFunction(() => {
    const { score, from } = watched.music()?.recording() ?? {};
    return score?.title === "Another Forest" && from;
  });
  const { time } = (await takesOver.jsonValue()) || { time: 0 };
  expect(time).toBeGreaterThan(1);
  await page.waitForFunction((since) => (watched.music()?.snapshot().time ?? 0) > since + 4, time);
  expect(await page.evaluate(() => watched.music()?.snapshot().mood)).toBe("title");

  await edit("tempo: 96", "tempo: quick");
  await page.locator("#notice").filter({ hasText: "tempo" }).waitFor({ state: "attached" });
  await page.evaluate(() => watched.stop());
  const counters = JSON.stringify(await page.evaluate(() => watched.counters()));
  expect(await page.evaluate(() => watched.longestSilence(-60)), counters).toBeLessThan(0.05);
  expect(await page.evaluate(() => watched.music()?.recording().score.title)).toBe(
    "Another Forest",
  );

  await edit("tempo: quick", "tempo: 120");
  await page.locator("#notice:not(.shown)").waitFor({ state: "attached" });
  await page.waitForFunction(() => watched.music()?.snapshot().tempo === 120);
  expect(errors).toEqual([]);
});
