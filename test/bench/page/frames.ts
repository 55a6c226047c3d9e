/** A page that draws nothing sixty times a second, and what its main thread suffers. */
let frames = 0;
const longTasks: { readonly at: number; readonly duration: number }[] = [];

function draw(): void {
  frames += 1;
  requestAnimationFrame(draw);
}

export function run(): void {
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      longTasks.push({ at: startTime, duration });
    }
  }).observe({ entryTypes: ["longtask"] });
  draw();
}

export const count = (): number => frames;

/** Durations in milliseconds of the tasks over 50 ms that began at this time of the page or later. */
export const longTasksSince = (time: number): readonly number[] =>
  longTasks.filter(({ at }) => at >= time).map(({ duration }) => duration);
