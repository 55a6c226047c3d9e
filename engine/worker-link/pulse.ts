/** Milliseconds between two signs of life: well below the least patience of whoever waits. */
const PERIOD = 250;

/** A worker that works on something long may post this; Comlink takes it for no answer. */
export const SIGN_OF_LIFE = "sign of life";

/**
 * A worker's pulse: call it as often as you like in the midst of long work, and whoever watches the worker
 * sees that it goes on, however slow the device. `tell` posts a message, `clock` is in milliseconds.
 */
export function createPulse(tell: (sign: string) => void, clock: () => number): () => void {
  let told = clock();
  return () => {
    const now = clock();
    if (now - told < PERIOD) return;
    told = now;
    tell(SIGN_OF_LIFE);
  };
}
