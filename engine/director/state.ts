import { perStem, type PerStem } from "../music/stem.ts";
import type { Score } from "../score/score.ts";
import { createSignals, type SignalState } from "../signals/signals.ts";
import { seconds, type Seconds, type UnitInterval } from "../time/units.ts";
import type { ColourCue, PhraseCue, SectionCue, TransitionChoice } from "./cue.ts";
import type { Placing } from "./event.ts";

/** Everything the director remembers: plain data, of a size that the score alone bounds. */
export interface DirectorState {
  /** Control points done so far; the next one is at `controlPoints × CONTROL_PERIOD`. */
  readonly controlPoints: number;
  readonly signals: SignalState;
  /** Where the player is: the place of the most weight. */
  readonly location: string | undefined;
  /** Places between which the player stands; their weights sum to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** One for each of the score's rules. */
  readonly rules: readonly RuleState[];
  /** Moods that the game holds, oldest first. */
  readonly holds: readonly Hold[];
  /** Sections begun so far. */
  readonly sections: number;
  /** The section that sounds; absent before the first control point. */
  readonly section: SectionCue | undefined;
  /** The section that will follow: its cue is out and cannot be taken back. */
  readonly committed: SectionCue | undefined;
  /** A transition that is asked for and may still change. */
  readonly pending: PendingTransition | undefined;
  /** The section that fades out, to which a change of mind may go back. */
  readonly fading: Fading | undefined;
  /** Index of the next phrase to be cued in the latest section. */
  readonly phrases: number;
  /** Phrases that were cued and had not ended when the last of them was. */
  readonly ahead: readonly PhraseCue[];
  /** Last level cued for each stem of the latest section. */
  readonly layers: PerStem<UnitInterval | undefined>;
  readonly colour: Omit<ColourCue, "kind" | "at" | "ramp"> | undefined;
  /** How often each mood has begun a tune. */
  readonly visits: Readonly<Record<string, number>>;
  /** Where each mood was left. */
  readonly left: Readonly<Record<string, LeftAt>>;
  readonly stingers: StingerState;
  /** Hit points that lie ahead, in order of time. */
  readonly hits: readonly Hit[];
  readonly aim: Aim | undefined;
  /** The game's time scale. */
  readonly scale: number;
  /** Sync points that passed before the director could be run. */
  readonly missedSyncPoints: number;
}

export interface RuleState {
  readonly holds: boolean;
  /** Until then it neither ends, while it dwells, nor begins, while it cools down. */
  readonly freeFrom: Seconds;
}

/** A mood that the game asks for by itself, until it lets go or the time is over. */
export interface Hold {
  readonly id: number;
  readonly mood: string;
  readonly priority: number;
  /** How long it lasts from when its mood begins; undefined: until it is released. */
  readonly lasts: Seconds | undefined;
  /** When its mood began, from which `lasts` counts; undefined before that. */
  readonly since: Seconds | undefined;
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

interface Fading {
  readonly section: SectionCue;
  readonly layers: DirectorState["layers"];
  /** Index of its first phrase that was never cued, as a hit point was to end it before. */
  readonly phrases: number;
  /** The fade out of it. */
  readonly from: Seconds;
  readonly until: Seconds;
}

interface LeftAt {
  readonly visit: number;
  /** Bars from bar 0 of its tune. */
  readonly bar: number;
}

/** A stinger whose sync point is `at`. */
export interface WaitingStinger {
  readonly name: string;
  readonly at: Seconds;
  readonly placing?: Placing | undefined;
}

export interface StingerState {
  /** Stingers cued so far. */
  readonly count: number;
  /** Asked for, their sync point still ahead. */
  readonly waiting: readonly WaitingStinger[];
  readonly sounding: readonly {
    readonly id: number;
    readonly name: string;
    readonly from: Seconds;
    readonly until: Seconds;
    /** Where it is cut off before that. */
    readonly cut?: Seconds | undefined;
    readonly placing?: Placing | undefined;
  }[];
  /** When each last began. */
  readonly began: Readonly<Record<string, Seconds>>;
}

/** A moment of the game that a downbeat is to meet. */
export interface Hit {
  readonly name: string;
  readonly time: Seconds;
  readonly strength: UnitInterval;
}

/** How the nearest hit point is met. */
export interface Aim {
  readonly name: string;
  readonly wanted: Seconds;
  /** The downbeat meant for it. */
  readonly lands: Seconds;
  readonly strength: UnitInterval;
  /** Of the section that it was planned for. */
  readonly section: number;
  /** What the tempo is to be multiplied with until then. */
  readonly stretch: number;
  /** Whether the tempo could be bent for it. */
  readonly bends: boolean;
}

export function createDirectorState(score: Score): DirectorState {
  const location = score.locations[0]?.name;
  return {
    controlPoints: 0,
    signals: createSignals(score.signals),
    location,
    weights: location === undefined ? {} : { [location]: 1 },
    rules: score.rules.map(() => ({ holds: false, freeFrom: seconds(0) })),
    holds: [],
    sections: 0,
    section: undefined,
    committed: undefined,
    pending: undefined,
    fading: undefined,
    phrases: 0,
    ahead: [],
    layers: perStem(() => undefined),
    colour: undefined,
    visits: {},
    left: {},
    stingers: { count: 0, waiting: [], sounding: [], began: {} },
    hits: [],
    aim: undefined,
    scale: 1,
    missedSyncPoints: 0,
  };
}
