import { existsSync, readFileSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright";
import type { PageMemory } from "./page-memory.ts";

/** Bytes at a moment. */
export interface Memory extends Partial<PageMemory> {
  /** The page's heap after a collection, as the debugger sees it. */
  readonly heap: number;
  /** What the system has given to the page's process, workers and audio included; undefined where it does not tell. */
  readonly process: number | undefined;
}

/** Memory is measured when it is asked for, not when the browser next collects garbage by itself. */
export const EAGER_MEMORY = "--enable-blink-features=ForceEagerMeasureMemory";

interface MemoryWatch {
  measure(): Promise<Memory>;
}

/** What the system has given to a process. */
function residentMemory(id: number): number | undefined {
  const status = `/proc/${id}/status`;
  if (!existsSync(status)) return undefined;
  const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(status, "utf8"))?.[1];
  return kB === undefined ? undefined : Number(kB) * 1024;
}

/** Of the browser's processes the largest renderer: the page. Undefined where the system does not tell sizes. */
export async function pageProcess(browser: CDPSession): Promise<number | undefined> {
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  const [largest] = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => ({ id, size: residentMemory(id) ?? Number.NaN }))
    .filter(({ size }) => !Number.isNaN(size))
    .toSorted((one, other) => other.size - one.size);
  return largest?.id;
}

/** `inside` calls `pageMemory` in the page. */
export async function watchMemory(
  browser: Browser,
  page: Page,
  inside: () => Promise<PageMemory | undefined>,
): Promise<MemoryWatch> {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  return {
    async measure() {
      const told = await inside();
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      const id = await pageProcess(whole);
      return {
        ...told,
        heap: usedSize,
        process: id === undefined ? undefined : residentMemory(id),
      };
    },
  };
}
