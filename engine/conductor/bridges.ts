import { planBridge } from "../composer/bridge-plan.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import type { Surroundings } from "../composer/request.ts";
import { firstBars, type PhraseTake } from "../composer/take.ts";
import type { DirectorState } from "../director/state.ts";
import type { Likely } from "../director/outlook.ts";
import { matchTransition, moodNamed } from "../director/rules.ts";
import type { Mood, Score } from "../score/score.ts";
import { barsUntil } from "../time/section.ts";
import { seconds, unitInterval, type Seconds } from "../time/units.ts";
import type { LiveSection } from "./live-section.ts";
import { PRIORITY, type Repertoire } from "./repertoire.ts";
import type { Songbook, Tune } from "./songbook.ts";

export interface BridgesOptions {
  readonly score: Score;
  readonly seed: number;
  readonly repertoire: Repertoire;
  readonly songbook: Songbook;
  /** The first phrase of a mood, if it is written. */
  readonly entryOf: (mood: string) => PhraseTake | undefined;
}

/** Has bridges written as soon as a transition is asked for, since they begin moments after it is final. */
export class Bridges {
  readonly #options: BridgesOptions;
  /** Bridges out of the present mood, written before anyone asked for them: by their mood, undefined while on their way. */
  readonly #spares = new Map<string, PhraseTake | undefined>();
  #from: string | undefined;

  constructor(options: BridgesOptions) {
    this.#options = options;
  }

  /** Has bridges written to where the music is likely to go, once the entry is written to which they lead. */
  speculate(
    targets: readonly Likely[],
    { section }: DirectorState,
    live: LiveSection | undefined,
  ): void {
    if (section === undefined || section.bridge !== undefined || live === undefined) return;
    const { score, repertoire, entryOf } = this.#options;
    const from = section.mood.name;
    if (from !== this.#from) this.#leave(from);
    for (const { mood: to, weight } of targets) {
      if (weight < LIKELY || to === from || this.#spares.has(to)) continue;
      const { transition } = matchTransition(score, from, to);
      const isReady = entryOf(to) !== undefined && repertoire.affords(weight);
      if (transition.bridge === undefined || !isReady) continue;
      this.#spares.set(to, undefined);
      void repertoire
        .write({
          id: spareName(from, to),
          mood: from,
          isPhrase: false,
          plan: this.#plan(section.mood, to, transition.bridge.bars),
          surroundings: { ...this.#latest(live, to), original: undefined },
          dueIn: SPARE_DUE,
          priority: weight / 2,
        })
        .then((take) => {
          if (take === undefined) return;
          if (this.#from === from && this.#spares.has(to)) this.#spares.set(to, take);
          else repertoire.setAside(take);
        });
    }
  }

  /** What was written beforehand for a bridge, if it was; it then belongs to the caller. */
  spare(from: string, to: string): PhraseTake | undefined {
    if (from !== this.#from) return undefined;
    const take = this.#spares.get(to);
    if (take !== undefined) this.#spares.delete(to);
    return take;
  }

  /** Another mood sounds: bridges out of the last one are of no use. */
  #leave(from: string): void {
    const { repertoire } = this.#options;
    for (const [to, take] of this.#spares) {
      if (take !== undefined) repertoire.setAside(take);
      else if (this.#from !== undefined) repertoire.cancel(spareName(this.#from, to));
    }
    this.#spares.clear();
    this.#from = from;
  }

  #plan(from: Mood, to: string, bars: number): PhrasePlan {
    const { score, seed } = this.#options;
    const mood = moodNamed(score, to);
    const intensity = unitInterval((from.arousal + mood.arousal) / 2);
    return planBridge({ from, to: mood, bars, intensity, seed });
  }

  /** The last phrase that is settled, and the first of the mood that comes. */
  #latest(live: LiveSection, to: string): Pick<Surroundings, "before" | "after"> {
    const phrase = live.phrases.findLast(({ take }) => take !== undefined);
    return { before: phrase?.take, after: this.#options.entryOf(to) };
  }

  /** Asks for the bridge of the pending transition, once. */
  prepare(state: DirectorState, live: LiveSection | undefined, now: Seconds): void {
    const { score, repertoire } = this.#options;
    const { pending, section } = state;
    if (pending === undefined || section === undefined || live === undefined) return;
    const bridge = score.transitions[pending.matched]?.bridge;
    if (bridge === undefined || section.bridge !== undefined || pending.from === pending.to) return;
    const tune = this.tuneOf(pending.from, pending.to, pending.at);
    const dueIn = seconds(Math.max(MIN_DUE, pending.at - now));
    if (tune.asked.has(0) || !repertoire.available) return;
    if (dueIn < SHORT && this.#from === pending.from && this.#spares.get(pending.to)) return;
    tune.asked.set(0, "open");
    const plan = this.#plan(section.mood, pending.to, bridge.bars);
    const surroundings: Surroundings = {
      ...this.around(live, pending.at, pending.to),
      original: undefined,
    };
    const id = `${tune.name}:0`;
    const mood = section.mood.name;
    void repertoire
      .write({ id, mood, isPhrase: true, plan, surroundings, dueIn, priority: PRIORITY.sure })
      .then((take) => {
        if (take === undefined) tune.asked.set(0, 1);
        else if (!tune.takes.has(0)) tune.takes.set(0, take);
        else repertoire.setAside(take);
      });
  }

  /** What the bridge plays that leaves a mood at a moment: the same whenever it is played again. */
  tuneOf(from: string, to: string, at: Seconds): Tune {
    return this.#options.songbook.open(`bridge ${from}>${to} at ${at.toFixed(3)}`);
  }

  /** What is heard before a section is left, and the first phrase of the mood that comes. */
  around(
    live: LiveSection | undefined,
    leftAt: Seconds,
    to: string,
  ): Pick<Surroundings, "before" | "after"> {
    const phrase = live?.phrases.findLast(
      ({ setting, firstBar, take }) =>
        take !== undefined && firstBar < barsUntil(setting, leftAt) - 1e-3,
    );
    const before =
      phrase?.take &&
      firstBars(phrase.take, Math.round(barsUntil(phrase.setting, leftAt) - phrase.firstBar));
    return { before, after: this.#options.entryOf(to) };
  }
}

/** Less time than this would only yield a guess. */
const MIN_DUE = 0.3;
/** With less time than this, a bridge that was written beforehand is better than one written in a hurry. */
const SHORT = 2;
/** A bridge towards what is less likely than this is not written before it is asked for. */
const LIKELY = 0.4;
const SPARE_DUE: Seconds = seconds(20);

const spareName = (from: string, to: string): string => `spare bridge ${from}>${to}`;
