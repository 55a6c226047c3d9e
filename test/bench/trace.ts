import type { Browser, Page } from "playwright";

/** An event of Chromium's trace, as far as it is used. Times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Wall time. */
  readonly dur?: number;
  /** Time the thread had a core. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** What a page costs to trace: the tasks of its threads. */
const CATEGORIES = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline"];

/** Traces a page while something happens. */
export async function traceWhile(
  browser: Browser,
  page: Page,
  happens: () => Promise<unknown>,
): Promise<readonly TraceEvent[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await happens();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return trace.traceEvents;
}

/** What one thread did, in milliseconds. */
export interface MainThread {
  /** For each frame, the core time of all tasks but those that draw the frame. */
  readonly besideFrames: readonly number[];
  /** The longest of these tasks: core time. */
  readonly longest: number;
  /** For each frame, the core time of all tasks: that which draws it, and those until the next is drawn. */
  readonly frames: readonly number[];
  /** The longest of all tasks: core time. */
  readonly longestOfAll: number;
}

const FRAME = "FireAnimationFrame";
const TASK = "RunTask";
const WORKER = /^DedicatedWorker/;

/** The thread that draws the frames: the page's main thread. */
function drawingThread(events: readonly TraceEvent[]): string | undefined {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.name === FRAME) counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;

/** When frames began: one task calls all animation callbacks of a frame, and a page may have several. */
function frameStarts(own: readonly TraceEvent[]): readonly number[] {
  const starts: number[] = [];
  let drawnUntil = -Infinity;
  let taskEnd = -Infinity;
  for (const { name, ts, dur = 0 } of own) {
    if (name === TASK) taskEnd = ts + dur;
    if (name !== FRAME || ts < drawnUntil) continue;
    starts.push(ts);
    drawnUntil = taskEnd;
  }
  return starts;
}

/**
 * Reads the main thread's tasks out of a trace. A frame lasts from one first animation callback to the next;
 * a task counts for the frame in which it began. Throws on a trace without frames.
 */
export function readMainThread(events: readonly TraceEvent[]): MainThread {
  const thread = drawingThread(events);
  const own = events
    .filter((event) => event.ph === "X" && threadOf(event) === thread)
    .toSorted((a, b) => a.ts - b.ts);
  const starts = frameStarts(own);
  if (starts.length < 2) throw new Error("the trace shows no frames");
  const besideFrames = starts.slice(1).map(() => 0);
  const frames = [...besideFrames];
  let [longest, longestOfAll] = [0, 0];
  let frame = -1;
  for (const { name, ts, dur = 0, tdur = 0 } of own) {
    if (name !== TASK) continue;
    while (frame + 1 < starts.length && (starts[frame + 1] ?? 0) <= ts) frame += 1;
    const next = starts[frame + 1];
    const draws = next !== undefined && next < ts + dur;
    const time = tdur / 1000;
    const drawn = draws ? frame + 1 : frame;
    if (drawn >= 0 && drawn < frames.length) {
      frames[drawn] = (frames[drawn] ?? 0) + time;
      longestOfAll = Math.max(longestOfAll, time);
    }
    if (frame < 0 || frame >= besideFrames.length || draws) continue;
    besideFrames[frame] = (besideFrames[frame] ?? 0) + time;
    longest = Math.max(longest, time);
  }
  return { besideFrames, longest, frames, longestOfAll };
}

/**
 * Core milliseconds of all workers of the page that draws, for each whole second of the trace. A task
 * counts for the second in which it began.
 */
export function readWorkers(events: readonly TraceEvent[]): readonly number[] {
  const page = drawingThread(events)?.split(":")[0];
  const workers = new Set(
    events
      .filter(({ name, pid, args }) => {
        const isName = name === "thread_name" && String(pid) === page;
        return isName && WORKER.test(args?.name ?? "");
      })
      .map(threadOf),
  );
  const tasks = events.filter(({ name, ph }) => name === TASK && ph === "X");
  const begin = tasks.reduce((first, { ts }) => Math.min(first, ts), Infinity);
  const end = tasks.reduce((last, { ts }) => Math.max(last, ts), begin);
  const perSecond = Array.from({ length: Math.floor((end - begin) / 1e6) }, () => 0);
  for (const task of tasks) {
    const second = Math.floor((task.ts - begin) / 1e6);
    if (!workers.has(threadOf(task)) || second >= perSecond.length) continue;
    perSecond[second] = (perSecond[second] ?? 0) + (task.tdur ?? 0) / 1000;
  }
  return perSecond;
}
