import type { Stem } from "../music/stem.ts";
import type { BridgeParts, Duck, Mood, Stinger } from "../score/score.ts";
import type { Section } from "../time/section.ts";
import type { SyncPoint } from "../time/sync-point.ts";
import type { Decibels, Seconds, UnitInterval } from "../time/units.ts";
import type { Placing } from "./event.ts";

/** A decision with a time. Times are seconds since the music began. */
export type Cue =
  SectionCue | ReversalCue | PhraseCue | LayerCue | ColourCue | StingerCue | StingerCutCue | HitCue;

/** A stretch of music begins that can no longer be taken back. */
export interface SectionCue extends Section {
  readonly kind: "section";
  /** Counts sections from 0. */
  readonly index: number;
  /** When it is first heard: at bar 0, or later where it is entered in its middle. */
  readonly entersAt: Seconds;
  readonly cause: SectionCause;
  readonly mood: Mood;
  /** Which of the mood's tunes it plays: the same mood and visit have the same phrases. */
  readonly visit: number;
  readonly location: string | undefined;
  readonly palette: string;
  /** How long old and new takes sound together, from `entersAt`. */
  readonly fade: Seconds;
  /** What the tempo of the mood is multiplied with, so that a downbeat meets a hit point. */
  readonly stretch: number;
  /** The game's time scale, which the tempo is multiplied with as well. */
  readonly scale: number;
  /** It leads to another mood: its bars are written for that. */
  readonly bridge: BridgeTo | undefined;
  /** Absent for the first section and where the mood and place stay. */
  readonly transition: TransitionChoice | undefined;
  /** Who asked for it, and what became of the other rules, in words; absent where nobody did. */
  readonly because?: string | undefined;
}

/** `tempo`: the mood goes on in another tempo; `hit`: its next phrase begins on a hit point. */
export type SectionCause = "opening" | "transition" | "bridge" | "tempo" | "hit" | "restore";

export interface BridgeTo {
  readonly mood: Mood;
  readonly bars: number;
  readonly parts?: BridgeParts | undefined;
}

export interface TransitionChoice {
  readonly from: string;
  readonly to: string;
  readonly sync: SyncPoint;
  /** Which of the score's transitions matched, from 0. */
  readonly matched: number;
}

/** The fade into the present section turns round: the one before goes on as if it had never been left. */
interface ReversalCue {
  readonly kind: "reversal";
  /** The section that comes back. */
  readonly section: number;
  /** The section that goes. */
  readonly leaves: number;
  readonly at: Seconds;
  readonly fade: Seconds;
  /** As of a section. */
  readonly because: string;
}

/** A phrase enters the horizon and is to be planned. */
export interface PhraseCue {
  readonly kind: "phrase";
  /** Of the section it belongs to. */
  readonly section: number;
  /** Counts the phrases of the mood's visit from 0. */
  readonly index: number;
  readonly at: Seconds;
  readonly until: Seconds;
  readonly bars: number;
  /** The intensity to write for. */
  readonly intensity: UnitInterval;
  /** Where a hit point is to end it: after so many of its bars. They are written towards that, and the rest in case it is taken back. */
  readonly ending: { readonly bars: number; readonly strength: UnitInterval } | undefined;
}

/** A stem's level moves. */
export interface LayerCue {
  readonly kind: "layer";
  /** Whose stem it is: while two sections sound, each has its own levels. */
  readonly section: number;
  readonly at: Seconds;
  readonly stem: Stem;
  readonly gain: UnitInterval;
  readonly ramp: Seconds;
}

/** The colour of the place, or of the places between which the player stands. */
export interface ColourCue {
  readonly kind: "colour";
  readonly at: Seconds;
  readonly ramp: Seconds;
  /** The share of the reverb that the places give by themselves … */
  readonly room: UnitInterval;
  /** … and the weight of those that leave it to the palette. */
  readonly paletteRoom: UnitInterval;
  readonly palette: string;
  readonly brightness: UnitInterval;
  readonly level: Decibels;
}

/** A stinger will sound. */
export interface StingerCue {
  readonly kind: "stinger";
  /** Counts stingers from 0. */
  readonly id: number;
  readonly stinger: Stinger;
  /** Of the section over which it sounds. */
  readonly section: number;
  readonly at: Seconds;
  /** When it is first heard: at `at`, or later where restored music begins in its middle. */
  readonly entersAt: Seconds;
  readonly until: Seconds;
  readonly duck: Duck | undefined;
  /** Undefined: in the middle, at its own level. */
  readonly placing?: Placing | undefined;
}

/** A stinger ends early. */
interface StingerCutCue {
  readonly kind: "stinger-cut";
  readonly id: number;
  readonly at: Seconds;
}

/** Where a hit point will land, told whenever it is planned anew. */
interface HitCue {
  readonly kind: "hit";
  readonly name: string;
  /** The moment that the game asked for. */
  readonly wanted: Seconds;
  /** The downbeat that is meant for it. */
  readonly at: Seconds;
  /** What the tempo is multiplied with until then. */
  readonly stretch: number;
}
