import { chromium, type Browser, type Page } from "playwright";
import { CHROMIUM_ARGUMENTS, findChromium } from "../helpers/chromium.ts";

/** A single answer of the page may take this long, in milliseconds. */
const PATIENCE = 180_000;

/** `more`: arguments beside those that all tests have. */
export const launchBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGUMENTS, ...more] });

/** A page with an empty cache. What goes wrong in it ends the benchmark with its own message. */
export async function withPage<Result>(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const failed = new Promise<never>((_, reject) => {
    page.on("pageerror", reject);
    page.on("crash", () => reject(new Error("the page crashed")));
  });
  try {
    await page.goto(url);
    return await Promise.race([use(page), failed]);
  } finally {
    await context.close();
  }
}
