import { planBridge } from "../composer/bridge-plan.ts";
import type { Surroundings } from "../composer/request.ts";
import { firstBars, type PhraseTake } from "../composer/take.ts";
import type { DirectorState } from "../director/state.ts";
import { moodNamed } from "../director/rules.ts";
import type { Score } from "../score/score.ts";
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

  constructor(options: BridgesOptions) {
    this.#options = options;
  }

  /** Asks for the bridge of the pending transition, once. */
  prepare(state: DirectorState, live: LiveSection | undefined, now: Seconds): void {
    const { score, seed, repertoire } = this.#options;
    const { pending, section } = state;
    if (pending === undefined || section === undefined || live === undefined) return;
    const bridge = score.transitions[pending.matched]?.bridge;
    if (bridge === undefined || section.bridge !== undefined || pending.from === pending.to) return;
    const tune = this.tuneOf(pending.from, pending.to, pending.at);
    if (tune.asked.has(0) || !repertoire.available) return;
    tune.asked.set(0, "open");
    const to = moodNamed(score, pending.to);
    const plan = planBridge({
      from: section.mood,
      to,
      bars: bridge.bars,
      intensity: unitInterval((section.mood.arousal + to.arousal) / 2),
      seed,
    });
    const surroundings: Surroundings = {
      ...this.around(live, pending.at, pending.to),
      original: undefined,
    };
    const dueIn = seconds(Math.max(MIN_DUE, pending.at - now));
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
