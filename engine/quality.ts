import { moodsWithoutTakes } from "./conductor/authored-takes.ts";
import type { Conductor } from "./conductor/conductor.ts";
import { phraseBars } from "./director/tempo.ts";
import type { Emitter } from "./emitter.ts";
import { watchFrames } from "./frame-watch.ts";
import { addFrame, NO_FRAMES, strainOf, typicalFrame } from "./governor/frames.ts";
import {
  ALL_TIERS,
  createGovernor,
  govern,
  LIMITS,
  type Limits,
  type Tier,
} from "./governor/tier.ts";
import { textOf, type Reporter } from "./reporter.ts";
import type { Score } from "./score/score.ts";
import type { GeneratorRecord } from "./snapshot.ts";
import type { Quality, QualityView, SoundtrackEvents } from "./soundtrack-interface.ts";
import { ticksPerBar } from "./time/meter.ts";
import { secondsOf } from "./time/section.ts";
import { milliseconds, type Milliseconds } from "./time/units.ts";

interface QualityOptions {
  readonly wish: Quality;
  readonly score: Score;
  readonly conductor: Pick<Conductor, "state">;
  /** Told what the tier allows: at once, and whenever it changes. */
  readonly apply: (limits: Limits) => void;
  readonly generator: GeneratorRecord;
  readonly emitter: Pick<Emitter<SoundtrackEvents>, "emit">;
  readonly reporter: Reporter;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => Milliseconds;
}

/** What was measured of the generator says nothing any more after so many milliseconds. */
const STALE = 60_000;
/** Without a frame for so long, nobody looks. */
const UNSEEN = 2000;
/** What the load is reckoned with. */
const PASSES = LIMITS.full.passes;

export const isQuality = (value: unknown): value is Quality =>
  value === "auto" || ALL_TIERS.some((tier) => tier === value);

/** Measures frames and the generator's speed, and holds inference back where the governor says so. */
export class QualityKeeper {
  readonly #options: QualityOptions;
  #wish: Quality;
  #frames = NO_FRAMES;
  #framedAt = milliseconds(0);
  #governor;
  #stopWatching: () => void;

  constructor(options: QualityOptions) {
    this.#options = options;
    this.#wish = options.wish;
    this.#governor = createGovernor(options.clock());
    this.#stopWatching = watchFrames((time) => this.#add(time));
    this.tick();
    if (this.view.cause === undefined) options.apply(LIMITS[this.tier]);
  }

  get tier(): Tier {
    return this.#governor.tier;
  }

  get view(): QualityView {
    const { tier, cause } = this.#governor;
    return {
      tier,
      wish: this.#wish,
      cause,
      frameTime: typicalFrame(this.#frames),
      strain: strainOf(this.#frames),
    };
  }

  /** The game knows its frames better than the page does: from now on only it is asked. */
  frame(time: unknown): void {
    if (typeof time !== "number" || Number.isNaN(time)) {
      const message = "the time of a frame is no number; ignored";
      this.#options.reporter.warn("not-a-number", "frame", message);
      return;
    }
    this.#stopWatching();
    this.#add(time);
  }

  want(wish: unknown): void {
    if (isQuality(wish)) {
      this.#wish = wish;
      this.tick();
      return;
    }
    const message = `no quality ${textOf(wish)}; there are auto, ${ALL_TIERS.join(", ")}`;
    this.#options.reporter.warn("unknown-quality", textOf(wish), message);
  }

  /** Call it often. */
  tick(): void {
    const { apply, emitter, reporter, clock } = this.#options;
    const at = clock();
    // A page that shows nothing has no frames that could suffer.
    if (at - this.#framedAt > UNSEEN) this.#frames = { ...this.#frames, lost: 0, total: 0 };
    const before = this.#governor.tier;
    const measured = { at, strain: strainOf(this.#frames), load: this.#load(at) };
    this.#governor = govern(this.#governor, measured, this.#wish);
    const { tier, cause = "game" } = this.#governor;
    if (tier === before) return;
    apply(LIMITS[tier]);
    if (tier === "authored-only") this.#warnOfRests();
    reporter.count(`quality-${tier}`);
    emitter.emit("quality", { from: before, tier, cause });
  }

  /** Told once whoever made the soundtrack can listen. */
  #warnOfRests(): void {
    const { score, reporter } = this.#options;
    setTimeout(() => {
      for (const { name } of moodsWithoutTakes(score)) {
        const message = `mood "${name}" has no authored take: in authored-only it rests`;
        reporter.warn("not-authored", name, message);
      }
    });
  }

  dispose(): void {
    this.#stopWatching();
  }

  #add(time: number): void {
    this.#frames = addFrame(this.#frames, time);
    this.#framedAt = this.#options.clock();
  }

  /** See `Measured`. */
  #load(at: Milliseconds): number | undefined {
    const { generator, conductor } = this.#options;
    const { passTime, measuredAt } = generator;
    const { section } = conductor.state;
    if (passTime === undefined || section === undefined || at - measuredAt > STALE)
      return undefined;
    const phrase = phraseBars(section) * secondsOf(ticksPerBar(section.meter), section.tempo);
    return (passTime * PASSES) / 1000 / phrase;
  }
}
