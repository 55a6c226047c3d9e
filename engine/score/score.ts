import type { Style } from "../music/bar-plan.ts";
import type { Key } from "../music/key.ts";
import type { Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import type { SyncPoint } from "../time/section.ts";
import type { Bpm, Seconds, UnitInterval } from "../time/units.ts";
import type { Condition } from "./condition.ts";

/** A checked score: every default filled in, every name known to exist. Made by `parseScore`. */
export interface Score {
  readonly title: string;
  readonly tempo: Bpm;
  readonly meter: Meter;
  readonly key: Key;
  /** The palette where no location gives one (key `palette`; default: the first known). */
  readonly palette: string;
  /** Bars in a phrase, 4–8: the model needs the time of one phrase to write the next. */
  readonly phrase: number;
  /** Always holds `intensity`. */
  readonly signals: Readonly<Record<string, SignalSpec>>;
  /** At least one; the first is the mood to start in where no location says otherwise. */
  readonly moods: readonly Mood[];
  readonly locations: readonly Location[];
  readonly rules: readonly Rule[];
  /** First match wins. */
  readonly transitions: readonly Transition[];
}

export interface SignalSpec {
  readonly range: readonly [number, number];
  readonly initial: number;
  /** Time constant when the value rises; 0 follows at once. */
  readonly attack: Seconds;
  /** Time constant when the value falls; 0 follows at once. */
  readonly release: Seconds;
  /** What the game's values stand for, both within the range: straight between the points, level beyond them. Empty: themselves. */
  readonly curve: readonly Point[];
  /** A change smaller than this is not taken over, unless it reaches an end of the range. */
  readonly deadBand: number;
}

/** The game's value, and what it stands for. */
export type Point = readonly [from: number, to: number];

/** A named state of the music. */
export interface Mood {
  readonly name: string;
  /** The mood that it inherits from, that one's, and so on. */
  readonly ancestors: readonly string[];
  /** Sad to glad, within [-1, 1]. */
  readonly valence: number;
  readonly arousal: UnitInterval;
  readonly tempo: Bpm;
  readonly key: Key;
  readonly style: Style | undefined;
  /** The stems in play, each from the given intensity upwards (0: always). */
  readonly stems: Readonly<Partial<Record<Stem, UnitInterval>>>;
}

/** A named place: it gives the palette, and the mood where no rule asks for another. */
export interface Location {
  readonly name: string;
  readonly palette: string;
  readonly mood: string | undefined;
}

/** Asks for a mood from when a condition becomes true until another does. */
export interface Rule {
  readonly when: Condition;
  /** Ends the rule; the opposite of `when` if the score names none. */
  readonly until: Condition;
  readonly mood: string;
  /** The shortest time that it holds once it has begun (key `for`). */
  readonly dwell: Length;
  /** After its end it does not begin again for so long. */
  readonly cooldown: Seconds;
  /** Of the rules that hold the one with the highest wins, of equals the first. */
  readonly priority: number;
}

export interface Transition {
  /** Names of moods, each of which stands for those that inherit from it too, or `any`. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly at: SyncPoint;
  readonly fade: Length;
}

/** A length in musical or clock time, as written: `1 bar`, `2 beats`, `400ms`, `1.5s`. */
export interface Length {
  readonly value: number;
  readonly unit: "bars" | "beats" | "seconds";
}
