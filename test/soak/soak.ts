import { launchBrowser, withPage } from "../helpers/browser.ts";
import { openSite } from "../helpers/site.ts";
import type { Ending, Look } from "./page/page.ts";
import { EAGER_MEMORY, watchMemory, type Memory } from "../helpers/memory-watch.ts";

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Told at each look how many minutes have gone. */
  readonly onLook?: (minute: number) => void;
}

/** What was seen from beginning to end. */
export interface Soak extends Ending {
  readonly browser: string;
  readonly looks: readonly Look[];
  readonly memory: readonly { readonly at: number; readonly memory: Memory }[];
}

/** Seconds between two looks. */
const APART = 5;
/** Looks between two measures of memory. */
const MEMORY_EVERY = 3;

/** Plays at random in a real browser at real time. */
export async function soak({ minutes, seed, onLook }: SoakOptions): Promise<Soak> {
  const browser = await launchBrowser({ flags: [EAGER_MEMORY] });
  const site = await openSite("soak/page/index.html");
  try {
    return await withPage(browser, site.url, async (page) => {
      await page.evaluate((number) => globalThis.soak.start(number), seed);
      const { measure } = await watchMemory(browser, page, () =>
        page.evaluate(() => globalThis.soak.memory()),
      );
      const looks: Look[] = [];
      const memory: { at: number; memory: Memory }[] = [];
      const begun = performance.now();
      while (performance.now() - begun < minutes * 60_000) {
        await page.waitForTimeout(APART * 1000);
        const look = await page.evaluate(() => globalThis.soak.look());
        looks.push(look);
        onLook?.((performance.now() - begun) / 60_000);
        if (looks.length % MEMORY_EVERY === 0) {
          memory.push({ at: look.at, memory: await measure() });
        }
      }
      const ending = await page.evaluate(() => globalThis.soak.stop());
      return { ...ending, browser: browser.version(), looks, memory };
    });
  } finally {
    await browser.close();
    await site.close();
  }
}
