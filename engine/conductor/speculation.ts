import type { PhraseTake } from "../composer/take.ts";
import type { SectionCue } from "../director/cue.ts";
import type { GameEvent } from "../director/event.ts";
import { outlook, worthPreparing, type Likely } from "../director/outlook.ts";
import type { DirectorState, Target } from "../director/state.ts";
import type { Score } from "../score/score.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { Budget } from "./budget.ts";
import type { PcmUse } from "./pcm-cache.ts";
import type { Ledger } from "./ledger.ts";
import { Trends } from "./trends.ts";

/**
 * Entry takes are kept for at most this many likely next moods: about 35 MB of PCM at 96 bpm, and 20 of
 * the 30 synthesisers that the renderer keeps.
 */
const MOST_TARGETS = 4;
/** How often likelihoods are worked out, unless something is asked for. */
const PERIOD = 0.5;
/** What the game expects counts half after so many seconds … */
const HALF_LIFE = 20;
/** … and nothing below this. */
const FORGOTTEN = 0.02;

/** How changes found their entry. */
export interface Changes {
  /** The model's take was ready. */
  readonly hits: number;
  /** Something was ready, of the bank or an earlier phrase. */
  readonly unwritten: number;
  readonly misses: number;
}

/** What is counted of the generator's and the renderer's work. */
export interface Accounts {
  readonly ledger: Pick<Ledger, "total" | "byMood">;
  readonly budget: Pick<Budget, "totals">;
  readonly changes: Changes;
  readonly pcm: PcmUse;
}

interface Expectation {
  readonly probability: number;
  readonly at: Seconds;
}

/** Says what is to be prepared: where the music may go from here, by likelihood. */
export class Speculation {
  readonly #score: Score;
  readonly #trends: Trends;
  readonly #expected = new Map<string, Expectation>();
  readonly #changes = { hits: 0, unwritten: 0, misses: 0 };
  #targets: readonly Likely[] = [];
  /** What the targets were worked out for. */
  #basis: readonly unknown[] = [];
  #next: Seconds = seconds(-Infinity);

  constructor(score: Score) {
    this.#score = score;
    this.#trends = new Trends(Object.keys(score.signals));
  }

  get changes(): Changes {
    return this.#changes;
  }

  /** Takes in what the game expects. */
  hear(events: readonly GameEvent[]): void {
    for (const event of events) {
      if (event.kind !== "expect") continue;
      const { name, probability, at } = event;
      this.#expected.delete(name);
      if (probability > 0 && this.#isKnown(name)) this.#expected.set(name, { probability, at });
      this.#next = seconds(-Infinity);
    }
  }

  /** The music goes on elsewhere, at another time. */
  clear(): void {
    this.#expected.clear();
    this.#next = seconds(-Infinity);
  }

  /** Looks ahead; call it on every tick. `latest` sounds, or is certain to. */
  look(
    state: DirectorState,
    latest: SectionCue,
    now: Seconds,
    isPrepared: (target: Target) => boolean,
  ): readonly Likely[] {
    this.#trends.watch(state.signals, now);
    const basis = [state.pending, latest, state.location];
    const isNews = basis.some((part, index) => part !== this.#basis[index]);
    if (!isNews && now < this.#next && now > this.#next - 2 * PERIOD) return this.#targets;
    this.#basis = basis;
    this.#next = seconds(now + PERIOD);
    const sounds = { mood: latest.mood.name, palette: latest.palette };
    const trendOf = (signal: string): number => this.#trends.of(signal);
    const expected = this.#expectedAt(now);
    const likely = outlook(this.#score, state, sounds, { trendOf, expected }, now);
    this.#targets = worthPreparing(likely, isPrepared, MOST_TARGETS);
    return this.#targets;
  }

  /** Counts how a change found its entry: what was taken, and what of it was prepared. */
  changed(taken: PhraseTake | undefined, prepared: PhraseTake | undefined): void {
    const isReady = prepared !== undefined && taken === prepared;
    this.#changes[!isReady ? "misses" : taken.source === "model" ? "hits" : "unwritten"] += 1;
  }

  /** What the game expects, as far as it is not forgotten. */
  #expectedAt(now: Seconds): ReadonlyMap<string, number> {
    const expected = new Map<string, number>();
    for (const [name, { probability, at }] of this.#expected) {
      const left = probability * 0.5 ** (Math.max(0, now - at) / HALF_LIFE);
      if (left < FORGOTTEN) this.#expected.delete(name);
      else expected.set(name, left);
    }
    return expected;
  }

  #isKnown(name: string): boolean {
    const { moods, locations } = this.#score;
    return [...moods, ...locations].some((each) => each.name === name);
  }
}
