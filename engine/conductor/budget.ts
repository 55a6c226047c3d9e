import type { PhraseTake } from "../composer/take.ts";
import type { Milliseconds } from "../time/units.ts";

/** Over so many milliseconds … */
const WINDOW = 300_000;
/** … takes that were not heard may cost so many of the generator's: one twentieth. */
const LIMIT = 15_000;

export interface Expense {
  readonly at: Milliseconds;
  readonly cost: number;
  /** Undefined where nothing came of it. */
  readonly take: PhraseTake | undefined;
}

/** Keeps an account of the work on takes that may never be heard, and bounds it. */
export class Budget {
  #expenses: Expense[] = [];
  #open = 0;
  /** What such a take costs, as the last one did. */
  #usual = 0;
  #spent = 0;
  #redeemed = 0;

  /** Milliseconds of work on such takes since the beginning, and those of them that came to be heard. */
  get totals(): { readonly spent: number; readonly redeemed: number } {
    return { spent: this.#spent, redeemed: this.#redeemed };
  }

  /**
   * Whether something of this likelihood, 0–1, may be written: while less than that share of the budget is
   * spent on what was not heard so far. So the little that is left goes to what is likely.
   */
  affords(likelihood: number, now: Milliseconds): boolean {
    // A clock that was put back makes none of them last longer.
    this.#expenses = this.#expenses.filter(({ at }) => at > now - WINDOW && at <= now);
    const spent = this.#expenses.reduce((sum, { cost }) => sum + cost, this.#open * this.#usual);
    return spent < likelihood * LIMIT;
  }

  /** Something is asked for. */
  begin(): void {
    this.#open += 1;
  }

  /** It has come, or not, after so many milliseconds of work. */
  end(expense: Expense | undefined): void {
    this.#open -= 1;
    if (expense === undefined) return;
    if (expense.take !== undefined) this.#usual = expense.cost;
    this.#spent += expense.cost;
    this.#expenses.push(expense);
  }

  /** A take is heard: its cost was no waste. */
  redeem(take: PhraseTake): void {
    const index = this.#expenses.findIndex((expense) => expense.take === take);
    const [expense] = index < 0 ? [] : this.#expenses.splice(index, 1);
    this.#redeemed += expense?.cost ?? 0;
  }
}
