import { milliseconds, type Milliseconds } from "./time/units.ts";

/** Answers that are remembered. */
const HELD = 64;

/** How much time was left when the last answers of the generator came. Asking it makes no garbage. */
export class Margins {
  readonly #ring = new Float64Array(HELD);
  readonly #sorted = new Float64Array(HELD);
  #count = 0;
  #isSorted = true;

  /** Milliseconds; negative: the answer was late. */
  add(margin: Milliseconds): void {
    this.#ring[this.#count % HELD] = margin;
    this.#count += 1;
    this.#isSorted = false;
  }

  /** The least of them; undefined where there is none. */
  get least(): Milliseconds | undefined {
    return this.#at(0);
  }

  /** The middle one, of two the greater; undefined where there is none. */
  get median(): Milliseconds | undefined {
    return this.#at(0.5);
  }

  #at(share: number): Milliseconds | undefined {
    const count = Math.min(this.#count, HELD);
    if (count === 0) return undefined;
    if (!this.#isSorted) {
      // What is not filled yet sorts behind all else.
      this.#sorted.fill(Infinity);
      for (let index = 0; index < count; index += 1) this.#sorted[index] = this.#ring[index] ?? 0;
      this.#sorted.sort();
      this.#isSorted = true;
    }
    return milliseconds(this.#sorted[Math.floor(count * share)] ?? 0);
  }
}
