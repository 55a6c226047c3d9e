import { seconds, type Seconds } from "../time/units.ts";

/** Seconds for each chunk that is in no hurry. */
const PACE = 0.04;

/** How many chunks that are in no hurry may be asked for: no frame of the game has to take in many at once. */
export class Leisure {
  /** Until the next tick. */
  #left = Infinity;
  #elapsed = seconds(0);

  /** Call it on every tick, with the time since the last. */
  tick(elapsed: Seconds): void {
    this.#elapsed = elapsed;
    this.#left = Math.max(1, Math.round(elapsed / PACE));
  }

  /** From the last tick but one to the last. */
  get elapsed(): Seconds {
    return this.#elapsed;
  }

  get isOver(): boolean {
    return this.#left < 1;
  }

  /** A chunk is asked for, in a hurry or not. */
  spend(): void {
    this.#left -= 1;
  }
}
