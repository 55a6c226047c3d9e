import { fitPhrase, nearestPhrase, type Bank, type BankPhrase } from "../bank/bank.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import { hasWork, requestFor, takeFrom, type Surroundings } from "../composer/request.ts";
import type { PhraseTake } from "../composer/take.ts";
import { keepLikeness } from "../composer/theme-lane.ts";
import type { GenerationAnswer } from "../generator/service.ts";
import { pickAt } from "../music/random.ts";
import { perStem, STEMS, type Stem } from "../music/stem.ts";
import { milliseconds, type Milliseconds, type Seconds } from "../time/units.ts";
import type { Writing } from "./parts.ts";

export interface RepertoireEvents {
  /** An answer came: `margin` is the time that was left, negative when late. */
  answered(answer: GenerationAnswer, margin: Milliseconds): void;
  /** A request failed; the phrase falls back when its time comes. */
  failed(error: Error): void;
}

/** What is asked of the generator for one phrase. */
export interface Commission {
  readonly id: string;
  /** Whose later fallback the take may be; undefined: nobody's. */
  readonly mood: string | undefined;
  readonly plan: PhrasePlan;
  readonly surroundings: Surroundings;
  /** Seconds from now until the notes are needed. */
  readonly dueIn: Seconds;
  readonly priority: number;
}

/** 12 write no better music by any measure of the evaluation, in a third to a half more time. */
const PASSES = 8;
/** Takes of a mood that are kept for fallback. */
const LAST_GOOD = 4;
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
  readonly #lastPhrase = new Map<string, BankPhrase>();
  #writing: Writing | undefined;
  #open = 0;

  constructor(bank: Bank, wallClock: () => Milliseconds, events: RepertoireEvents) {
    this.#bank = bank;
    this.#wallClock = wallClock;
    this.#events = events;
  }

  /** The generator, or `undefined` while there is none. */
  set writing(writing: Writing | undefined) {
    this.#writing = writing;
  }

  get available(): boolean {
    return this.#writing !== undefined;
  }

  /** Requests that are on their way. */
  get open(): number {
    return this.#open;
  }

  /** Asks the model; resolves to nothing if it was cancelled, failed or is not there. */
  async write(commission: Commission): Promise<PhraseTake | undefined> {
    const writing = this.#writing;
    if (writing === undefined || commission.dueIn < SHORTEST_COMMISSION) return undefined;
    if (!hasWork(commission.plan)) return undefined;
    const deadline = milliseconds(this.#wallClock() + commission.dueIn * 1000);
    const request = requestFor(commission.plan, commission.surroundings, {
      id: commission.id,
      deadline,
      priority: commission.priority,
      passes: PASSES,
    });
    this.#open += 1;
    try {
      const answer = await writing.generate(request);
      if (answer.outcome === "cancelled") return undefined;
      this.#events.answered(answer, milliseconds(deadline - this.#wallClock()));
      const take = takeFrom(request, answer, commission.plan);
      if (!STEMS.some((stem) => take.notes[stem].length > 0)) {
        throw new Error(`the model wrote no note for ${commission.id}`);
      }
      const { mood } = commission;
      if (mood !== undefined) {
        const earlier = this.#lastGood.get(mood) ?? [];
        this.#lastGood.set(mood, [take, ...earlier].slice(0, LAST_GOOD));
      }
      return take;
    } catch (error) {
      this.#events.failed(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    } finally {
      this.#open -= 1;
    }
  }

  cancel(id: string): void {
    this.#writing?.cancel(id);
  }

  /**
   * What to play when the model has not answered: one of the mood's last good takes, else the bank's
   * nearest. Never the same as the last time, so that no phrase goes round and round.
   */
  fallback(mood: string, plan: PhrasePlan): PhraseTake {
    const last = this.#lastTake.get(mood);
    this.#lastTake.delete(mood);
    const good = (this.#lastGood.get(mood) ?? []).filter((take) => take !== last);
    if (good.length > 0) {
      const take = pickAt(good, plan.seed, "fallback");
      this.#lastTake.set(mood, take);
      return { ...take, source: "last-good" };
    }
    const phrase = nearestPhrase(this.#bank, plan, this.#lastPhrase.get(mood));
    this.#lastPhrase.set(mood, phrase);
    return fitPhrase(phrase, plan);
  }

  /** A take with the bank's notes in those of the stems that have none and should. */
  completed(take: PhraseTake, plan: PhrasePlan, stems: readonly Stem[]): PhraseTake {
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
    return keepLikeness(fitPhrase(nearestPhrase(this.#bank, plan), plan), plan);
  }
}
