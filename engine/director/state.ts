import { perStem, type PerStem } from "../music/stem.ts";
import type { Score } from "../score/score.ts";
import { createSignals, type SignalState } from "../signals/signals.ts";
import { seconds, type Seconds, type UnitInterval } from "../time/units.ts";
import type { SectionCue, TransitionChoice } from "./cue.ts";

/** Everything the director remembers: plain data, of a size that the score alone bounds. */
export interface DirectorState {
  /** Control points done so far; the next one is at `controlPoints × CONTROL_PERIOD`. */
  readonly controlPoints: number;
  readonly signals: SignalState;
  readonly location: string | undefined;
  /** One for each of the score's rules. */
  readonly rules: readonly RuleState[];
  /** The section that sounds; absent before the first control point. */
  readonly section: SectionCue | undefined;
  /** The section that will follow: its cue is out and cannot be taken back. */
  readonly committed: SectionCue | undefined;
  /** A transition that is asked for and may still change. */
  readonly pending: PendingTransition | undefined;
  /** Phrases cued so far in the latest section. */
  readonly phrases: number;
  /** Last level cued for each stem. */
  readonly layers: PerStem<UnitInterval | undefined>;
  /** How often each mood has begun. */
  readonly visits: Readonly<Record<string, number>>;
  /** Sync points that passed before the director could be run. */
  readonly missedSyncPoints: number;
}

export interface RuleState {
  readonly holds: boolean;
  /** Until then it neither ends, while it dwells, nor begins, while it cools down. */
  readonly freeFrom: Seconds;
}

export interface PendingTransition extends TransitionChoice {
  readonly target: Target;
  readonly at: Seconds;
}

/** A mood in a place. */
export interface Target {
  readonly mood: string;
  readonly location: string | undefined;
}

export function createDirectorState(score: Score): DirectorState {
  return {
    controlPoints: 0,
    signals: createSignals(score.signals),
    location: score.locations[0]?.name,
    rules: score.rules.map(() => ({ holds: false, freeFrom: seconds(0) })),
    section: undefined,
    committed: undefined,
    pending: undefined,
    phrases: 0,
    layers: perStem(() => undefined),
    visits: {},
    missedSyncPoints: 0,
  };
}
