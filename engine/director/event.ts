import type { Length } from "../score/score.ts";
import type { Decibels, Seconds, UnitInterval } from "../time/units.ts";

/** From where a stinger is heard. */
export interface Placing {
  /** -1 is left, 1 is right. */
  readonly pan: number;
  /** 0 dB at most. */
  readonly level: Decibels;
}

/** What the game did, in order of time. Plain data: a log of it plays back. */
export type GameEvent =
  | {
      readonly kind: "signal";
      readonly at: Seconds;
      readonly name: string;
      readonly value: unknown;
    }
  | { readonly kind: "location"; readonly at: Seconds; readonly name: string }
  /** Between places, by weight. */
  | {
      readonly kind: "blend";
      readonly at: Seconds;
      readonly weights: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: "trigger";
      readonly at: Seconds;
      readonly stinger: string;
      readonly placing?: Placing | undefined;
    }
  | {
      readonly kind: "hold";
      readonly at: Seconds;
      readonly id: number;
      readonly mood: string;
      readonly priority: number;
      /** From when the mood begins; undefined: until it is released. */
      readonly lasts: Length | undefined;
    }
  | { readonly kind: "release"; readonly at: Seconds; readonly id: number }
  | { readonly kind: "release-mood"; readonly at: Seconds; readonly mood: string }
  | {
      readonly kind: "hit";
      readonly at: Seconds;
      readonly name: string;
      readonly time: Seconds;
      readonly strength: UnitInterval;
    }
  | { readonly kind: "cancel-hit"; readonly at: Seconds; readonly name: string }
  /** What the game thinks will come: it changes what is prepared, and no cue. */
  | {
      readonly kind: "expect";
      readonly at: Seconds;
      /** Of a mood or a location. */
      readonly name: string;
      readonly probability: UnitInterval;
    }
  | { readonly kind: "time-scale"; readonly at: Seconds; readonly scale: number };
