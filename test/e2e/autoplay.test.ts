import { chromium, type Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildGame, openGame, PATIENCE, remove, serveFolder } from "../helpers/built-game.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "../helpers/chromium.ts";

let browser: Browser;
let built: string;

beforeAll(async () => {
  built = await buildGame();
  // As players have it.
  const args = CHROMIUM_ARGUMENTS.filter((each) => !each.startsWith("--autoplay-policy"));
  browser = await chromium.launch({ executablePath: findChromium(), args });
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await remove(built);
});

test("a browser that wants a gesture refuses, is told of, and plays after a click", async () => {
  const server = await serveFolder(built);
  const game = await openGame(browser, server.origin);
  await game.until("[data-failure]");
  expect(await game.read("failure")).toContain("NotAllowedError");
  expect(await game.read("audio")).toBe("refused");
  await game.page.mouse.click(10, 10);
  await game.until('[data-state="playing"]');
  expect(await game.read("audio")).toBe("refused");
  await game.close();
  await server.stop();
});
