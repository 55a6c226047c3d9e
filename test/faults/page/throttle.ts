/**
 * Timers as a hidden page has them: each callback once a second at most, on whole seconds, and no animation
 * frames. That is how Chromium throttles (`background timer throttling`); a headless browser hides no page,
 * so that it is done here, in place of the page's own timers. Import it before all that sets timers.
 */
let isThrottled = false;

/** Hides the page from its timers, or shows it again. */
export function throttle(isOn: boolean): void {
  isThrottled = isOn;
}

const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
const realFrame = globalThis.requestAnimationFrame.bind(globalThis);

const second = (): number => Math.floor(performance.now() / 1000);
const untilNextSecond = (): number => 1000 - (performance.now() % 1000);

type Callback = (...values: unknown[]) => void;

function timeout(callback: Callback, delay?: number, ...values: unknown[]): number {
  const run = (): void => {
    if (isThrottled) realTimeout(callback, untilNextSecond(), ...values);
    else callback(...values);
  };
  return Number(realTimeout(run, delay));
}

function interval(callback: Callback, delay?: number, ...values: unknown[]): number {
  let last = -1;
  const run = (): void => {
    if (isThrottled && second() === last) return;
    last = second();
    callback(...values);
  };
  return Number(realInterval(run, delay));
}

function frame(callback: FrameRequestCallback): number {
  return realFrame((time) => {
    if (isThrottled) frame(callback);
    else callback(time);
  });
}

Object.assign(globalThis, {
  setTimeout: timeout,
  setInterval: interval,
  requestAnimationFrame: frame,
});
