import { describe, expect, test } from "vitest";
import { readMainThread, readWorkers, type TraceEvent } from "../../bench/trace.ts";

const PAGE = { pid: 7, tid: 1 };
const WORKER = { pid: 7, tid: 2 };

/** A task of so many milliseconds, for half of which it had a core. */
const task = (at: number, length: number, thread = PAGE): TraceEvent => ({
  name: "RunTask",
  ph: "X",
  ts: at * 1000,
  dur: length * 1000,
  tdur: length * 500,
  ...thread,
});

const animationCallback = (at: number): TraceEvent => ({
  name: "FireAnimationFrame",
  ph: "X",
  ts: at * 1000,
  dur: 100,
  tdur: 100,
  ...PAGE,
});

/** The task that draws a frame. */
const frame = (at: number): readonly TraceEvent[] => [task(at, 2), animationCallback(at + 0.5)];

const named = (thread: typeof PAGE, name: string): TraceEvent => ({
  name: "thread_name",
  ph: "M",
  ts: 0,
  args: { name },
  ...thread,
});

describe("the main thread's trace", () => {
  test("counts each frame's core time without the task that draws it", () => {
    const events = [...frame(0), task(4, 2), task(8, 6), ...frame(16), task(20, 1), ...frame(32)];
    const { besideFrames, longest } = readMainThread(events);
    expect(besideFrames).toEqual([4, 0.5]);
    expect(longest).toBe(3);
  });

  test("leaves out other threads, and what lies before the first frame and after the last", () => {
    const events = [
      task(0, 9),
      ...frame(16),
      task(20, 9, WORKER),
      task(22, 2),
      ...frame(32),
      task(40, 9),
    ];
    expect(readMainThread(events)).toMatchObject({ besideFrames: [1], longest: 1 });
  });

  test("counts a frame once, however many animation callbacks it has", () => {
    const events = [...frame(0), animationCallback(1.5), task(4, 2), ...frame(16)];
    expect(readMainThread(events).besideFrames).toEqual([1]);
  });

  test("counts the task that draws a frame to that frame, and of all tasks the longest", () => {
    const events = [...frame(0), task(4, 2), ...frame(16), task(20, 8), task(29, 1), ...frame(32)];
    expect(readMainThread(events)).toMatchObject({
      frames: [2, 5.5],
      longest: 4,
      longestOfAll: 4,
    });
    const slow = [task(0, 12), animationCallback(0.5), task(13, 1), ...frame(16)];
    expect(readMainThread(slow)).toMatchObject({ frames: [6.5], longest: 0.5, longestOfAll: 6 });
  });

  test("does not need its events in order", () => {
    const events = [...frame(32), task(20, 2), ...frame(16)];
    expect(readMainThread(events).besideFrames).toEqual([1]);
  });

  test("without frames is refused", () => {
    expect(() => readMainThread([task(0, 1)])).toThrow("no frames");
  });
});

test("the workers of the page that draws are summed for each whole second", () => {
  const stranger = { pid: 8, tid: 2 };
  const events = [
    named(PAGE, "CrRendererMain"),
    named(WORKER, "DedicatedWorker thread"),
    named(stranger, "DedicatedWorker thread"),
    ...frame(0),
    ...frame(16),
    task(100, 40, WORKER),
    task(900, 20, WORKER),
    task(500, 300, stranger),
    task(1500, 8, WORKER),
    task(2100, 1),
  ];
  expect(readWorkers(events)).toEqual([30, 4]);
});
