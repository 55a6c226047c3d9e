import type { Browser, CDPSession, Page } from "playwright";
import { withPage } from "../../helpers/browser.ts";
import { repeat } from "../progress.ts";
import { rowOf, type Row } from "../report.ts";
import { estimate, estimateDifference, exactly, mean, percentile } from "../statistics.ts";
import { readMainThread, readWorkers, traceWhile, type TraceEvent } from "../trace.ts";
import type { Section } from "./section.ts";

const frameCount = (page: Page): Promise<number> =>
  page.evaluate(async () => (await bench.frames()).count());

/** Core seconds of all tasks of the main thread so far. */
async function taskTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const found = metrics.find(({ name }) => name === "TaskDuration");
  if (found === undefined) throw new Error("this browser tells no TaskDuration");
  return found.value;
}

/** Core milliseconds of the main thread per frame, for each second. */
async function perFrame(
  what: string,
  page: Page,
  session: CDPSession,
  seconds: number,
): Promise<readonly number[]> {
  let time = await taskTime(session);
  let frames = await frameCount(page);
  return repeat(what, seconds, async () => {
    await page.waitForTimeout(1000);
    const [nextTime, nextFrames] = [await taskTime(session), await frameCount(page)];
    const cost = (1000 * (nextTime - time)) / Math.max(1, nextFrames - frames);
    [time, frames] = [nextTime, nextFrames];
    return cost;
  });
}

const traced = (
  what: string,
  browser: Browser,
  page: Page,
  seconds: number,
): Promise<readonly TraceEvent[]> =>
  traceWhile(browser, page, () => repeat(what, seconds, () => page.waitForTimeout(1000)));

function tracedRows(
  trace: readonly TraceEvent[],
  idleTrace: readonly TraceEvent[],
): readonly Row[] {
  const unit = "ms";
  const [playing, idle] = [readMainThread(trace), readMainThread(idleTrace)];
  const at = (share: number): { readonly name: string; readonly value: number } => ({
    name: "idle page",
    value: percentile(idle.besideFrames, share),
  });
  const figure = (share: number) =>
    estimate(playing.besideFrames, (values) => percentile(values, share));
  const longest = { ...exactly(playing.longest), n: playing.besideFrames.length };
  return [
    rowOf({ name: "main thread per frame, p50", unit, peer: at(0.5) }, figure(0.5)),
    rowOf({ name: "main thread per frame, p99", unit, goal: 1, peer: at(0.99) }, figure(0.99)),
    rowOf(
      {
        name: "main thread, longest task",
        unit,
        peer: { name: "idle page", value: idle.longest },
      },
      longest,
    ),
    rowOf(
      { name: "both workers while playing, share of one core", unit: "%", goal: 15 },
      estimate(
        readWorkers(trace).map((time) => time / 10),
        mean,
      ),
    ),
  ];
}

/** What the music costs the game's thread: a page that only draws frames, without and with music. */
export const mainThread: Section = ({ browser, site, quick }) =>
  withPage(browser, site.url, async (page) => {
    const seconds = quick ? 5 : 20;
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.evaluate(async () => (await bench.frames()).run());
    await page.waitForTimeout(1000);
    const idle = await perFrame("main thread, idle", page, session, seconds);
    const idleTrace = await traced("main thread, idle, traced", browser, page, seconds);
    const startedAt = await page.evaluate(async () => (await bench.music()).play());
    const playing = await perFrame("main thread, playing", page, session, seconds);
    const longTasks = await page.evaluate(
      async (since) => (await bench.frames()).longTasksSince(since),
      startedAt,
    );
    const trace = await traced("main thread, playing, traced", browser, page, seconds);
    await page.evaluate(async () => (await bench.music()).stop());
    return [
      rowOf(
        { name: "main thread per frame, mean, music alone", unit: "ms" },
        estimateDifference(playing, idle, mean),
      ),
      ...tracedRows(trace, idleTrace),
      rowOf(
        { name: "main thread, tasks over 50 ms after start()", unit: "tasks", goal: 0 },
        exactly(longTasks.length),
      ),
    ];
  });
