import type { Stem } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import type { Section, SyncPoint } from "../time/section.ts";
import type { Seconds, UnitInterval } from "../time/units.ts";

/** A decision with a time. Times are seconds since the music began. */
export type Cue = SectionCue | PhraseCue | LayerCue;

/** A mood begins in a place: the first section, or a transition that can no longer change. */
export interface SectionCue extends Section {
  readonly kind: "section";
  /** Counts sections from 0. */
  readonly index: number;
  /** How often this mood has begun before. */
  readonly visit: number;
  readonly mood: Mood;
  readonly location: string | undefined;
  readonly palette: string;
  /** How long old and new takes sound together, from `startsAt`. */
  readonly fade: Seconds;
  /** Absent for the first section. */
  readonly transition: TransitionChoice | undefined;
}

export interface TransitionChoice {
  readonly from: string;
  readonly to: string;
  readonly sync: SyncPoint;
  /** Which of the score's transitions matched, from 0. */
  readonly matched: number;
}

/** A phrase enters the horizon and is to be planned. */
export interface PhraseCue {
  readonly kind: "phrase";
  /** Of the section it belongs to. */
  readonly section: number;
  /** Counts the section's phrases from 0. */
  readonly index: number;
  readonly at: Seconds;
  readonly until: Seconds;
  /** The intensity to write for. */
  readonly intensity: UnitInterval;
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
