import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright";
import { pageProcess } from "../helpers/memory-watch.ts";
import { repeat } from "./progress.ts";

/** Core seconds that each thread of a process took so far, by its number. */
export type ThreadTimes = ReadonlyMap<string, { readonly name: string; readonly seconds: number }>;

/** What threads took of one core in a stretch of time, in per cent. */
export interface Shares {
  readonly main: number;
  readonly workers: number;
  /** All threads that render Web Audio. */
  readonly audio: number;
  /** All of the page's process: the browser's own work for the page as well. */
  readonly all: number;
}

const readLine = (path: string): string => readFileSync(path, "utf8").trim();

/** As Linux tells it; undefined elsewhere. Threads that end meanwhile are left out. */
function threadTimes(process: number): ThreadTimes | undefined {
  const folder = `/proc/${process}/task`;
  if (!existsSync(`${folder}/${process}/schedstat`)) return undefined;
  const times = readdirSync(folder).flatMap((thread) => {
    try {
      const nanoseconds = Number(readLine(`${folder}/${thread}/schedstat`).split(" ")[0]);
      const name = thread === String(process) ? "main" : readLine(`${folder}/${thread}/comm`);
      return [[thread, { name, seconds: nanoseconds / 1e9 }] as const];
    } catch {
      return [];
    }
  });
  return new Map(times);
}

const WORKER = /^DedicatedWorker/;
const AUDIO = /^Audio(Output|Worklet)/;

/** The shares of one core between two readings, `elapsed` seconds apart. A thread that began meanwhile counts whole. */
export function sharesBetween(before: ThreadTimes, after: ThreadTimes, elapsed: number): Shares {
  const sum = (isWanted: (name: string) => boolean): number => {
    let time = 0;
    for (const [thread, { name, seconds }] of after) {
      if (isWanted(name)) time += seconds - (before.get(thread)?.seconds ?? 0);
    }
    return (100 * time) / elapsed;
  };
  return {
    main: sum((name) => name === "main"),
    workers: sum((name) => WORKER.test(name)),
    audio: sum((name) => AUDIO.test(name)),
    all: sum(() => true),
  };
}

export interface Stretches {
  readonly count: number;
  /** Seconds. */
  readonly length: number;
}

/** The shares of one core of a page's threads, stretch by stretch; undefined where the system does not tell. */
export async function watchThreads(
  what: string,
  browser: Browser,
  page: Page,
  { count, length }: Stretches,
): Promise<readonly Shares[] | undefined> {
  const session = await browser.newBrowserCDPSession();
  const process = await pageProcess(session);
  await session.detach();
  const times = process === undefined ? undefined : threadTimes(process);
  if (process === undefined || times === undefined) return undefined;
  let [before, at] = [times, performance.now()];
  return repeat(what, count, async () => {
    await page.waitForTimeout(1000 * length);
    const [after, now] = [threadTimes(process) ?? before, performance.now()];
    const shares = sharesBetween(before, after, (now - at) / 1000);
    [before, at] = [after, now];
    return shares;
  });
}

/** Why there are no shares. */
export const UNTOLD = "only Linux tells the time of each thread";
