import {
  fitPhrase,
  nearestPhrase,
  nearestPhrases,
  type Bank,
  type BankPhrase,
} from "../bank/bank.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import { requestFor, takeFrom, writtenStems, type Surroundings } from "../composer/request.ts";
import type { PhraseTake } from "../composer/take.ts";
import { keepLikeness } from "../composer/theme-lane.ts";
import type { GenerationAnswer } from "../generator/service.ts";
import { LIMITS, type Limits } from "../governor/tier.ts";
import { pickAt } from "../music/random.ts";
import { perStem, STEMS, type Stem } from "../music/stem.ts";
import { milliseconds, type Milliseconds, type Seconds } from "../time/units.ts";
import { Ledger, type Delivery, type Ticket } from "./ledger.ts";
import { Budget, type Expense } from "./budget.ts";
import type { Writing } from "./parts.ts";

export interface RepertoireEvents {
  /** An answer came: `margin` is the time that was left, negative when late. */
  answered(answer: GenerationAnswer, margin: Milliseconds): void;
  /** A request failed; the phrase falls back when its time comes. */
  failed(error: Error): void;
}

/** What is asked of the generator for one phrase. */
export interface Commission {
  /** Names what is to be written; there is one open commission of a name at a time. */
  readonly id: string;
  readonly mood: string;
  /** Whether the take may be a later fallback of its mood. */
  readonly isPhrase: boolean;
  readonly plan: PhrasePlan;
  readonly surroundings: Surroundings;
  /** Seconds from now until the notes are needed. */
  readonly dueIn: Seconds;
  /** `PRIORITY.sure`, or less for what may not be heard, whose work is bounded by a budget. */
  readonly priority: number;
}

/**
 * What goes first. All that will be heard is equal and goes by its deadline; what is only likely comes after
 * it by likelihood, 0 – 1, and stingers, of which nobody knows whether and when, come last.
 */
export const PRIORITY = { sure: 2, stinger: -1 } as const;

interface Open {
  readonly ticket: Ticket;
  /** Towards the generator: a name may be asked for again before it has let go of the last one. */
  readonly id: string;
  readonly writing: Writing;
  deadline: Milliseconds;
  priority: number;
  isCancelled: boolean;
}

/** Takes of a mood that are kept for fallback. */
const LAST_GOOD = 4;
/** Phrases of the bank that take turns where the model writes nothing, and how many of the last ones rest. */
const NEAR = 6;
const REST = 3;
/** Asking for less than this would only yield a guess at every cell. */
const SHORTEST_COMMISSION = 0.2;

/**
 * Gets notes for phrases: from the model if it answers in time, else the last good take of the mood,
 * else the bank. Knows no audio and no clock but the one it is given.
 */
export class Repertoire {
  readonly #bank: Bank;
  readonly #wallClock: () => Milliseconds;
  readonly #events: RepertoireEvents;
  /** The last takes that the model wrote for each mood, newest first. */
  readonly #lastGood = new Map<string, readonly PhraseTake[]>();
  /** What each mood last fell back on, so that the next fallback is another. */
  readonly #lastTake = new Map<string, PhraseTake>();
  /** Phrases of the bank that were played last, newest first. */
  readonly #lastPhrases = new Map<string, readonly BankPhrase[]>();
  readonly #ledger = new Ledger();
  readonly #budget = new Budget();
  readonly #open = new Map<string, Open>();
  #writing: Writing | undefined;
  #limits: Limits = LIMITS.full;
  #requests = 0;

  constructor(bank: Bank, wallClock: () => Milliseconds, events: RepertoireEvents) {
    this.#bank = bank;
    this.#wallClock = wallClock;
    this.#events = events;
  }

  /** The generator, or `undefined` while there is none. */
  set writing(writing: Writing | undefined) {
    this.#writing = writing;
    writing?.rest(this.#limits.rest);
  }

  /** What may be asked for from now on; what is on its way and exceeds it is withdrawn. */
  set limits(limits: Limits) {
    this.#limits = limits;
    this.#writing?.rest(limits.rest);
    for (const [name, { priority }] of this.#open) {
      const isLikely = Math.max(0, priority) >= limits.leastLikely;
      if (!limits.writes || !isLikely) this.cancel(name);
    }
  }

  /** Whether only authored takes may be heard. */
  get isResting(): boolean {
    return this.#limits.authoredOnly;
  }

  get available(): boolean {
    return this.#writing !== undefined && this.#limits.writes;
  }

  /** What became of all requests and of their takes. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** The work on what may not be heard. */
  get budget(): Budget {
    return this.#budget;
  }

  /** Whether something of this likelihood, 0–1, may be asked for. */
  affords(likelihood: number): boolean {
    const isAllowed = this.available && likelihood >= this.#limits.leastLikely;
    return isAllowed && this.#budget.affords(likelihood, this.#wallClock());
  }

  /** Asks the model; resolves to nothing if it was cancelled, failed or is not there. */
  async write(commission: Commission): Promise<PhraseTake | undefined> {
    const { id: name, mood, plan, surroundings, dueIn, priority } = commission;
    const writing = this.#writing;
    const stems = writtenStems(plan);
    if (writing === undefined || !this.available) return undefined;
    if (dueIn < SHORTEST_COMMISSION || stems.length === 0) return undefined;
    const { passes } = this.#limits;
    this.#requests += 1;
    const id = `${name} (${this.#requests})`;
    const deadline = this.#deadline(dueIn);
    const request = requestFor(plan, surroundings, { id, deadline, priority, passes });
    const ticket = this.#ledger.open(mood, stems);
    const open: Open = { id, writing, ticket, deadline, priority, isCancelled: false };
    this.#open.set(name, open);
    const isSpeculative = priority < PRIORITY.sure;
    if (isSpeculative) this.#budget.begin();
    let expense: Expense | undefined;
    try {
      const answer = await writing.generate(request);
      expense = { at: this.#wallClock(), cost: answer.elapsed, take: undefined };
      if (answer.outcome === "cancelled") {
        this.#ledger.close(ticket, "cancelled");
        return undefined;
      }
      const margin = milliseconds(open.deadline - this.#wallClock());
      this.#events.answered(answer, margin);
      const take = takeFrom(request, answer, plan);
      if (!STEMS.some((stem) => take.notes[stem].length > 0)) {
        throw new Error(`the model wrote no note for ${name}`);
      }
      expense = { ...expense, take };
      this.#ledger.deliver(ticket, take, deliveryOf(answer, margin));
      if (commission.isPhrase) this.#keep(mood, take);
      return take;
    } catch (error) {
      // A worker that is lost takes with it what nobody wanted any more.
      this.#ledger.close(ticket, open.isCancelled ? "cancelled" : "failed");
      this.#events.failed(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    } finally {
      if (isSpeculative) this.#budget.end(expense);
      if (this.#open.get(name) === open) this.#open.delete(name);
    }
  }

  /** Withdraws what nobody will hear; its `write` resolves to nothing. Unknown names are ignored. */
  cancel(name: string): void {
    const open = this.#open.get(name);
    if (open === undefined || open.isCancelled) return;
    open.isCancelled = true;
    this.#writing?.cancel(open.id);
  }

  /** Whether an answer to it is on its way that somebody still wants. */
  isOpen(name: string): boolean {
    const open = this.#open.get(name);
    return open !== undefined && !open.isCancelled && open.writing === this.#writing;
  }

  cancelAll(): void {
    for (const name of this.#open.keys()) this.cancel(name);
  }

  /** What is on its way is needed at another time, or has become more or less likely. */
  revise(name: string, { dueIn, priority }: Pick<Commission, "dueIn" | "priority">): void {
    const open = this.#open.get(name);
    if (open === undefined) return;
    open.deadline = this.#deadline(dueIn);
    open.priority = priority;
    this.#writing?.revise(open.id, { deadline: open.deadline, priority });
  }

  /** A take is heard. */
  use(take: PhraseTake): void {
    this.#ledger.settle(take, "used");
    this.#budget.redeem(take);
  }

  /** A take has lost its place, before it was heard: it may still be a fallback, or come at a later visit. */
  setAside(take: PhraseTake, willReturn = false): void {
    const isKept = [...this.#lastGood.values()].some((takes) => takes.includes(take));
    this.#ledger.settle(take, willReturn || isKept ? "kept" : "wasted");
  }

  #deadline(dueIn: Seconds): Milliseconds {
    return milliseconds(this.#wallClock() + dueIn * 1000);
  }

  #keep(mood: string, take: PhraseTake): void {
    const takes = [take, ...(this.#lastGood.get(mood) ?? [])];
    this.#lastGood.set(mood, takes.slice(0, LAST_GOOD));
    for (const old of takes.slice(LAST_GOOD)) {
      if (this.#ledger.fateOf(old) === "kept") this.#ledger.settle(old, "wasted");
    }
  }

  /**
   * What to play when the model has not answered: one of the mood's last good takes, else the bank's
   * nearest, then others that are near: none that was among the last three, so that no phrase goes round and
   * round. A theme that the plan states is stated by those, too.
   */
  fallback(mood: string, plan: PhrasePlan): PhraseTake {
    if (this.isResting) return resting(plan);
    const last = this.#lastTake.get(mood);
    this.#lastTake.delete(mood);
    const good = (this.#lastGood.get(mood) ?? []).filter((take) => take !== last);
    if (good.length > 0) {
      const take = pickAt(good, plan.seed, "fallback");
      this.#lastTake.set(mood, take);
      this.use(take);
      return keepLikeness({ ...take, source: "last-good" }, plan);
    }
    const near = nearestPhrases(this.#bank, plan, NEAR);
    const before = (this.#lastPhrases.get(mood) ?? []).slice(0, Math.min(REST, near.length - 1));
    const rested = near.filter((phrase) => !before.includes(phrase));
    const isFirst = before.length === 0;
    const phrase = isFirst ? nearestPhrase(this.#bank, plan) : pickAt(rested, plan.seed, "bank");
    this.#lastPhrases.set(mood, [phrase, ...before]);
    return keepLikeness(fitPhrase(phrase, plan), plan);
  }

  /** What may be heard of a take: nothing where only authored takes may be. It then waits for another visit. */
  permitted(take: PhraseTake, plan: PhrasePlan): PhraseTake {
    if (!this.isResting) return take;
    this.setAside(take, true);
    return resting(plan);
  }

  /** A take with the bank's notes in those of the stems that have none and should. */
  completed(take: PhraseTake, plan: PhrasePlan, stems: readonly Stem[]): PhraseTake {
    if (this.isResting) return take;
    const empty = stems.filter(
      (stem) =>
        plan.stems.includes(stem) &&
        take.notes[stem].length === 0 &&
        plan.bars.some(({ density }) => density[stem] !== 0),
    );
    if (empty.length === 0) return take;
    const { notes } = this.fromBank(plan);
    return {
      ...take,
      notes: perStem((stem) => (empty.includes(stem) ? notes : take.notes)[stem]),
    };
  }

  /** The bank's nearest, whatever was played before, with the theme that the plan states. */
  fromBank(plan: PhrasePlan): PhraseTake {
    if (this.isResting) return resting(plan);
    return keepLikeness(fitPhrase(nearestPhrase(this.#bank, plan), plan), plan);
  }
}

const resting = ({ bars }: PhrasePlan): PhraseTake => ({
  source: "rest",
  bars,
  notes: perStem(() => []),
});

const deliveryOf = ({ outcome }: GenerationAnswer, margin: Milliseconds): Delivery => {
  if (margin < 0) return "late";
  return outcome === "written" ? "onTime" : "committedEarly";
};
