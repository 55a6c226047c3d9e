import { planBridge } from "../composer/bridge-plan.ts";
import type { Surroundings } from "../composer/request.ts";
import { firstBars, type PhraseTake } from "../composer/take.ts";
import type { BridgeTo } from "../director/cue.ts";
import type { DirectorState } from "../director/state.ts";
import { pendingBridge } from "../director/transitions.ts";
import type { Score } from "../score/score.ts";
import { barsUntil } from "../time/section.ts";
import { seconds, unitInterval, type Seconds } from "../time/units.ts";
import type { AuthoredTakes } from "./authored-takes.ts";
import { partsOf } from "./bridge-parts.ts";
import { BRIDGE_LEAD, type LiveSection } from "./live-section.ts";
import type { Repertoire } from "./repertoire.ts";
import { bridgeName, type Songbook, type Tune } from "./songbook.ts";

export interface BridgesOptions {
  readonly score: Score;
  readonly seed: number;
  readonly repertoire: Repertoire;
  readonly songbook: Songbook;
  readonly authored: AuthoredTakes;
  /** The first phrase of a mood, if it is written. */
  readonly entryOf: (mood: string) => PhraseTake | undefined;
}

/** The section that is left. */
type Left = Pick<LiveSection, "cue" | "phrases">;

interface Asked {
  readonly tune: Tune;
  /** How long it is to be. */
  readonly bars: number;
}

/** Has bridges written as soon as a transition is asked for, since they begin moments after it is final. */
export class Bridges {
  readonly #options: BridgesOptions;
  /** The last bridge that was asked for. */
  #asked: Asked | undefined;
  /** What each of them waits for. */
  readonly #open = new WeakMap<Tune, Asked>();

  constructor(options: BridgesOptions) {
    this.#options = options;
  }

  /** Asks for the bridge of the pending transition, once, as it will be played; withdraws one that is not wanted any more. */
  prepare(state: DirectorState, live: Left | undefined, now: Seconds): void {
    const { score, repertoire } = this.#options;
    const { pending } = state;
    const bridge = pendingBridge(score, state);
    const tune = pending && bridge ? this.tuneOf(pending.from, pending.to, pending.at) : undefined;
    const isAsked = this.#asked?.tune === tune && this.#asked?.bars === bridge?.bars;
    if (!isAsked) this.#withdraw();
    if (pending === undefined || bridge === undefined || tune === undefined) return;
    const isThere = tune.asked.has(0) || tune.takes.get(0)?.bars.length === bridge.bars;
    if (live === undefined || isThere || !repertoire.available) return;
    this.#ask({ tune, bars: bridge.bars }, live, { leavesAt: pending.at, bridge, now });
  }

  #ask(
    asked: Asked,
    live: Left,
    { leavesAt, bridge, now }: { leavesAt: Seconds; bridge: BridgeTo; now: Seconds },
  ): void {
    const { seed, repertoire } = this.#options;
    const { mood: from } = live.cue;
    const { mood: to } = bridge;
    const { tune, bars } = asked;
    const intensity = unitInterval((from.arousal + to.arousal) / 2);
    const parts = partsOf({ ...live.cue, bridge }, this.#options.authored);
    const plan = planBridge({ from, to, bars, intensity, seed, ...parts });
    const surroundings: Surroundings = {
      ...this.around(live, leavesAt, to.name),
      original: undefined,
    };
    const dueIn = seconds(Math.max(MIN_DUE, leavesAt - BRIDGE_LEAD - now));
    tune.asked.set(0, "open");
    this.#asked = asked;
    this.#open.set(tune, asked);
    void repertoire
      .write({ id: requestName(tune), mood: undefined, plan, surroundings, dueIn, priority: 2 })
      .then((take) => {
        if (this.#open.get(tune) !== asked) return;
        if (take === undefined) tune.asked.set(0, 1);
        else if (!tune.takes.has(0)) tune.takes.set(0, take);
      });
  }

  /** Unless it is played now. */
  #withdraw(): void {
    const { tune } = this.#asked ?? {};
    this.#asked = undefined;
    if (tune === undefined || tune.players > 0) return;
    if (tune.asked.get(0) === "open") this.#options.repertoire.cancel(requestName(tune));
    this.#open.delete(tune);
    tune.asked.delete(0);
    tune.takes.delete(0);
  }

  /** What the bridge plays that leaves a mood at a moment: the same whenever it is played again. */
  tuneOf(from: string, to: string, at: Seconds): Tune {
    return this.#options.songbook.open(bridgeName(from, to, at));
  }

  /** What is heard before a section is left, and the first phrase of the mood that comes. */
  around(
    live: Left | undefined,
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

const requestName = ({ name }: Tune): string => `${name}:0`;
/** Less time than this would only yield a guess. */
const MIN_DUE = 0.3;
