import { readSignal, type SignalState } from "../signals/signals.ts";
import { seconds, type Seconds } from "../time/units.ts";

/** Where the game was heading so many seconds ago is compared with where it is heading now … */
const SPAN = 4;
const PERIOD = 0.5;
/** … and it is expected to go on by this share of the difference within the same time. */
const SHARE = 0.5;
const HELD = SPAN / PERIOD;

/** Watches how signals move over seconds, which their smoothed values alone do not say. */
export class Trends {
  readonly #names: readonly string[];
  readonly #past: ReadonlyMap<string, number>[] = [];
  #last: Seconds = seconds(-Infinity);

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Looks at the signals, twice a second at most. */
  watch(signals: SignalState, now: Seconds): void {
    if (now < this.#last) this.#past.length = 0;
    else if (now < this.#last + PERIOD) return;
    this.#last = now;
    // What a signal rests at is what the game has set.
    const rest = (name: string): number => readSignal(signals, name, seconds(Infinity));
    this.#past.push(new Map(this.#names.map((name) => [name, rest(name)])));
    if (this.#past.length > HELD + 1) this.#past.shift();
  }

  /** By how much a signal is expected to move within the next four seconds, in its own unit. */
  of(name: string): number {
    const [then, now] = [this.#past[0]?.get(name), this.#past.at(-1)?.get(name)];
    return then === undefined || now === undefined ? 0 : (now - then) * SHARE;
  }
}
