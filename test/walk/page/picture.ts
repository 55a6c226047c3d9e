/** What was drawn since the page was opened. */
export interface Drawn {
  readonly frames: number;
  /** Of a frame. */
  readonly calls: { readonly mean: number; readonly most: number };
  readonly triangles: { readonly mean: number; readonly most: number };
  /** Milliseconds from frame to frame: below which half and 99 of a hundred stay. */
  readonly median: number;
  readonly p99: number;
  /** Tasks over 50 ms, and the longest in milliseconds. */
  readonly longTasks: { readonly count: number; readonly longest: number };
}

/** Longer frames count as so long. Milliseconds. */
const LONGEST = 2000;

const frame = { calls: 0, triangles: 0, last: 0 };
const begin = () => ({
  frames: 0,
  calls: { sum: 0, most: 0 },
  triangles: { sum: 0, most: 0 },
  times: new Uint32Array(LONGEST + 1),
  tasks: { count: 0, longest: 0 },
});
let seen = begin();

function trianglesIn(mode: number, vertices: number): number {
  if (mode === WebGL2RenderingContext.TRIANGLES) return vertices / 3;
  const isRow =
    mode === WebGL2RenderingContext.TRIANGLE_STRIP || mode === WebGL2RenderingContext.TRIANGLE_FAN;
  return isRow ? Math.max(0, vertices - 2) : 0;
}

const count = (mode: number, vertices: number, instances = 1): void => {
  frame.calls += 1;
  frame.triangles += trianglesIn(mode, vertices) * instances;
};

/** Counts what the page draws from now on, whatever draws it. */
export function watchPicture(): void {
  const { prototype } = WebGL2RenderingContext;
  const { drawArrays, drawElements, drawArraysInstanced, drawElementsInstanced } = prototype;
  prototype.drawArrays = function watched(mode, first, vertices) {
    count(mode, vertices);
    drawArrays.call(this, mode, first, vertices);
  };
  prototype.drawElements = function watched(mode, vertices, type, offset) {
    count(mode, vertices);
    drawElements.call(this, mode, vertices, type, offset);
  };
  prototype.drawArraysInstanced = function watched(mode, first, vertices, instances) {
    count(mode, vertices, instances);
    drawArraysInstanced.call(this, mode, first, vertices, instances);
  };
  prototype.drawElementsInstanced = function watched(mode, vertices, type, offset, instances) {
    count(mode, vertices, instances);
    drawElementsInstanced.call(this, mode, vertices, type, offset, instances);
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      seen.tasks.count += 1;
      seen.tasks.longest = Math.max(seen.tasks.longest, duration);
    }
  }).observe({ entryTypes: ["longtask"] });
  requestAnimationFrame(look);
}

/** Once a frame: what was drawn in the last one. */
function look(now: number): void {
  if (frame.last > 0 && frame.calls > 0) {
    const { calls, triangles, times } = seen;
    seen.frames += 1;
    calls.sum += frame.calls;
    calls.most = Math.max(calls.most, frame.calls);
    triangles.sum += frame.triangles;
    triangles.most = Math.max(triangles.most, frame.triangles);
    const time = Math.min(LONGEST, Math.round(now - frame.last));
    times[time] = (times[time] ?? 0) + 1;
  }
  frame.calls = 0;
  frame.triangles = 0;
  frame.last = now;
  requestAnimationFrame(look);
}

/** Forgets what was seen. */
export function beginPicture(): void {
  seen = begin();
}

export function drawn(): Drawn {
  const { frames, calls, triangles, times, tasks } = seen;
  const below = (share: number): number => {
    let left = share * frames;
    return Math.max(
      0,
      times.findIndex((many) => (left -= many) <= 0),
    );
  };
  return {
    frames,
    calls: { mean: calls.sum / frames, most: calls.most },
    triangles: { mean: triangles.sum / frames, most: triangles.most },
    median: below(0.5),
    p99: below(0.99),
    longTasks: { ...tasks },
  };
}
