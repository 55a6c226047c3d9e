import { planBridge } from "../composer/bridge-plan.ts";
import type { PhrasePlan } from "../composer/phrase-plan.ts";
import { writtenStems, type Surroundings } from "../composer/request.ts";
import { firstBars, type PhraseTake } from "../composer/take.ts";
import type { BridgeTo } from "../director/cue.ts";
import type { DirectorState } from "../director/state.ts";
import type { Likely } from "../director/outlook.ts";
import { matchTransition, moodNamed } from "../director/rules.ts";
import { pendingBridge } from "../director/transitions.ts";
import type { Score } from "../score/score.ts";
import { barsUntil } from "../time/section.ts";
import { seconds, unitInterval, type Seconds } from "../time/units.ts";
import type { AuthoredTakes } from "./authored-takes.ts";
import { partsOf } from "./bridge-parts.ts";
import { BRIDGE_LEAD, type LiveSection } from "./live-section.ts";
import { PRIORITY, type Commission, type Repertoire } from "./repertoire.ts";
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

interface Spare {
  readonly plan: PhrasePlan;
  /** Undefined while it is on its way, and where it did not come. */
  take: PhraseTake | undefined;
  isOpen: boolean;
  failures: number;
}

interface Asked {
  readonly tune: Tune;
  /** How long it is to be. */
  readonly bars: number;
}

/** Has bridges written as soon as a transition is asked for, since they begin moments after it is final. */
export class Bridges {
  readonly #options: BridgesOptions;
  /** Bridges out of the present mood, written before anyone asked for them, by the mood to which they lead. */
  readonly #spares = new Map<string, Spare>();
  #from: string | undefined;
  /** The last bridge that was asked for. */
  #asked: Asked | undefined;
  /** What each of them waits for. */
  readonly #open = new WeakMap<Tune, Asked>();

  constructor(options: BridgesOptions) {
    this.#options = options;
  }

  /** Has bridges written to where the music is likely to go, once the entry is written to which they lead. */
  speculate(targets: readonly Likely[], live: Left | undefined): void {
    if (live === undefined || live.cue.bridge !== undefined) return;
    const from = live.cue.mood.name;
    if (from !== this.#from) this.#leave(from);
    for (const target of targets) this.#speculateOn(target, live);
  }

  #speculateOn({ mood: to, weight }: Likely, live: Left): void {
    const { score, repertoire, entryOf } = this.#options;
    const from = live.cue.mood.name;
    if (weight < LIKELY || to === from) return;
    const known = this.#spares.get(to);
    const isHopeless = known !== undefined && known.failures >= MOST_FAILURES;
    if (known?.isOpen === true || known?.take !== undefined || isHopeless) return;
    const { bridge } = matchTransition(score, from, to).transition;
    const isReady = entryOf(to) !== undefined && repertoire.affords(weight);
    if (bridge === undefined || !isReady) return;
    const { bars, parts } = bridge;
    const plan = this.#plan(live, { mood: moodNamed(score, to), bars, parts });
    const failures = known?.failures ?? 0;
    const spare: Spare = { plan, take: undefined, isOpen: true, failures };
    this.#spares.set(to, spare);
    void repertoire
      .write({
        id: spareName(from, to),
        mood: from,
        isPhrase: false,
        plan,
        surroundings: { ...this.#latest(live, to), original: undefined },
        dueIn: SPARE_DUE,
        priority: weight / 2,
      })
      .then((take) => {
        spare.isOpen = false;
        if (take === undefined) spare.failures += 1;
        else if (this.#spares.get(to) === spare) spare.take = take;
        else repertoire.setAside(take);
      });
  }

  /** Asks again for what was not written and is not on its way: generator or limits are new. */
  retry(): void {
    for (const spare of this.#spares.values()) spare.failures = 0;
    const { tune } = this.#asked ?? {};
    if (tune !== undefined && tune.asked.get(0) !== "open" && !tune.takes.has(0))
      tune.asked.delete(0);
  }

  /** What was written beforehand for a bridge and fits its plan, if anything; it then belongs to the caller. */
  spare(from: string, to: string, plan: PhrasePlan): PhraseTake | undefined {
    if (!this.#hasSpare(from, to, plan)) return undefined;
    const take = this.#spares.get(to)?.take;
    this.#spares.delete(to);
    return take;
  }

  #hasSpare(from: string, to: string, plan: PhrasePlan): boolean {
    const spare = from === this.#from ? this.#spares.get(to) : undefined;
    if (spare?.take === undefined || spare.plan.bars.length !== plan.bars.length) return false;
    const written = writtenStems(spare.plan);
    return writtenStems(plan).every((stem) => written.includes(stem));
  }

  /** Another mood sounds: bridges out of the last one are of no use. */
  #leave(from: string | undefined): void {
    const { repertoire } = this.#options;
    for (const [to, { take }] of this.#spares) {
      if (take !== undefined) repertoire.setAside(take);
      else if (this.#from !== undefined) repertoire.cancel(spareName(this.#from, to));
    }
    this.#spares.clear();
    this.#from = from;
  }

  /** The music goes on elsewhere, and all that was asked for is withdrawn. */
  clear(): void {
    this.#leave(undefined);
    this.#asked = undefined;
  }

  #plan({ cue }: Left, bridge: BridgeTo): PhrasePlan {
    const { seed, authored } = this.#options;
    const { mood: from } = cue;
    const { mood: to, bars } = bridge;
    const intensity = unitInterval((from.arousal + to.arousal) / 2);
    return planBridge({
      from,
      to,
      bars,
      intensity,
      seed,
      ...partsOf({ ...cue, bridge }, authored),
    });
  }

  /** The last phrase that is settled, and the first of the mood that comes. */
  #latest(live: Left, to: string): Pick<Surroundings, "before" | "after"> {
    const phrase = live.phrases.findLast(({ take }) => take !== undefined);
    return { before: phrase?.take, after: this.#options.entryOf(to) };
  }

  /**
   * Asks for the bridge of the pending transition, once, as it will be played; withdraws one that is not wanted
   * any more. With little time left, one that was written beforehand is better than one written in a hurry.
   */
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
    const plan = this.#plan(live, bridge);
    const dueIn = seconds(Math.max(MIN_DUE, pending.at - BRIDGE_LEAD - now));
    if (dueIn < SHORT && this.#hasSpare(pending.from, pending.to, plan)) return;
    const around = this.around(live, pending.at, bridge.mood.name);
    this.#ask({ tune, bars: bridge.bars }, live.cue.mood.name, {
      plan,
      surroundings: { ...around, original: undefined },
      dueIn,
    });
  }

  #ask(
    asked: Asked,
    mood: string,
    commission: Pick<Commission, "plan" | "surroundings" | "dueIn">,
  ): void {
    const { repertoire } = this.#options;
    const { tune } = asked;
    tune.asked.set(0, "open");
    this.#asked = asked;
    this.#open.set(tune, asked);
    const id = requestName(tune);
    void repertoire
      .write({ ...commission, id, mood, isPhrase: false, priority: PRIORITY.sure })
      .then((take) => {
        if (this.#open.get(tune) !== asked) {
          if (take !== undefined) repertoire.setAside(take);
          return;
        }
        if (take === undefined) tune.asked.set(0, 1);
        else if (!tune.takes.has(0)) tune.takes.set(0, take);
        else repertoire.setAside(take);
      });
  }

  /** Unless it is played now. */
  #withdraw(): void {
    const { tune } = this.#asked ?? {};
    this.#asked = undefined;
    if (tune === undefined || tune.players > 0) return;
    const { repertoire } = this.#options;
    const written = tune.takes.get(0);
    if (tune.asked.get(0) === "open") repertoire.cancel(requestName(tune));
    if (written !== undefined) repertoire.setAside(written);
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
/** With less time than this, a bridge that was written beforehand is better than one written in a hurry. */
const SHORT = 2;
/** A bridge towards what is less likely than this is not written before it is asked for. */
const LIKELY = 0.4;
const SPARE_DUE: Seconds = seconds(20);
/** A spare is asked for again after a failure, but not for ever. */
const MOST_FAILURES = 2;

const spareName = (from: string, to: string): string => `spare bridge ${from}>${to}`;
