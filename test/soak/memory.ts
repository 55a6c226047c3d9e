import { existsSync, readFileSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright";
import type { PageMemory } from "./page/page.ts";

/** Bytes at a moment. */
export interface Memory extends Partial<PageMemory> {
  /** The page's heap after a collection, as the debugger sees it. */
  readonly heap: number;
  /** What the system has given to the page's process, workers and audio included; undefined where it does not tell. */
  readonly process: number | undefined;
}

export interface MemoryWatch {
  measure(): Promise<Memory>;
}

/** Of the browser's processes the largest renderer: the page. */
async function processMemory(browser: CDPSession): Promise<number | undefined> {
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .flatMap(({ id }) => {
      const status = `/proc/${id}/status`;
      if (!existsSync(status)) return [];
      const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(status, "utf8"))?.[1];
      return kB === undefined ? [] : [Number(kB) * 1024];
    });
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

export async function watchMemory(browser: Browser, page: Page): Promise<MemoryWatch> {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  return {
    async measure() {
      const inside = await page.evaluate(() => soak.memory());
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      return { ...inside, heap: usedSize, process: await processMemory(whole) };
    },
  };
}
