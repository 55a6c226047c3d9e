import type { Browser, Page } from "playwright";
import { launchBrowser, openPage, type Launch } from "../helpers/browser.ts";
import { openSite } from "../helpers/site.ts";

/** A browser and the address of the page in which faults are caused. */
export interface Room {
  readonly url: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A built page on a server. */
export interface House {
  /** Starts a browser in it. */
  enter(launch?: Launch): Promise<Room>;
  close(): Promise<void>;
}

/** Builds the page as a game would be built, and serves it. */
export async function openHouse(): Promise<House> {
  const site = await openSite("faults/page/index.html");
  return {
    async enter(launch) {
      const browser = await launchBrowser(launch);
      return { url: site.url, browser, close: () => browser.close() };
    },
    close: () => site.close(),
  };
}

/** A page of its own profile, ready for faults. */
export async function openScene({ browser, url }: Room): Promise<Page> {
  const page = await openPage(browser, url);
  await page.waitForFunction(() => "faulty" in globalThis);
  return page;
}
