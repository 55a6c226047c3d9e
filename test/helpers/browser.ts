import { chromium, type Browser, type Page } from "playwright";
import { CHROMIUM_ARGUMENTS, findChromium } from "./chromium.ts";

/** A single answer of the page may take this long, in milliseconds. */
const PATIENCE = 180_000;

export interface Launch {
  /** Arguments beside those that all tests have. */
  readonly flags?: readonly string[];
  /** Arguments of all tests that this one does without. */
  readonly without?: readonly string[];
}

export const launchBrowser = ({ flags = [], without = [] }: Launch = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGUMENTS.filter((flag) => !without.includes(flag)), ...flags],
  });

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  return context.newPage();
}

/** A page of a profile of its own, with an empty cache; who closes its context closes all of it. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(url);
  return page;
}

/** Uses a page and closes it. What goes wrong in it ends the benchmark with its own message. */
export async function withPage<Result>(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const page = await newPage(browser);
  const failed = new Promise<never>((_, reject) => {
    page.on("pageerror", reject);
    page.on("crash", () => reject(new Error("the page crashed")));
  });
  try {
    await page.goto(url);
    return await Promise.race([use(page), failed]);
  } finally {
    await page.context().close();
  }
}
