import type { Style } from "../music/bar-plan.ts";
import type { Form } from "../music/form.ts";
import type { Key } from "../music/key.ts";
import type { Numerals } from "../music/roman.ts";
import type { Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import type { Entry, SyncPoint } from "../time/sync-point.ts";
import type { ThemeDensity } from "../theme/theme.ts";
import type { Bpm, Decibels, Seconds, UnitInterval } from "../time/units.ts";
import type { Condition } from "./condition.ts";
import type { Length, Point, StemLevel, Touch } from "./score.ts";

/** A score as its author wrote it, each value read; what was left out is undefined. */
export interface AuthoredScore {
  readonly title?: string | undefined;
  readonly tempo?: Bpm | undefined;
  readonly meter?: Meter | undefined;
  readonly key?: Key | undefined;
  readonly palette?: string | undefined;
  readonly palettes?: Readonly<Record<string, AuthoredPalette>> | undefined;
  readonly phrase?: number | undefined;
  readonly signals?: Readonly<Record<string, AuthoredSignal>> | undefined;
  readonly forms?: Readonly<Record<string, Form>> | undefined;
  readonly progressions?: Readonly<Record<string, Numerals>> | undefined;
  readonly themes?: Readonly<Record<string, AuthoredTheme>> | undefined;
  readonly takes?: Readonly<Record<string, AuthoredTake>> | undefined;
  readonly moods: Readonly<Record<string, AuthoredMood>>;
  readonly locations?: Readonly<Record<string, AuthoredLocation>> | undefined;
  readonly stingers?: Readonly<Record<string, AuthoredStinger>> | undefined;
  readonly rules?: readonly AuthoredRule[] | undefined;
  readonly transitions?: readonly AuthoredTransition[] | undefined;
}

/** Instruments of the score's own. */
export interface AuthoredPalette {
  /** The path of a soundfont. */
  readonly font?: string | undefined;
  /** The name of a built-in palette. */
  readonly like?: string | undefined;
  readonly room?: UnitInterval | undefined;
  readonly voices?: Readonly<Partial<Record<Stem, AuthoredVoice | undefined>>> | undefined;
}

/** Drums have a roll in place of bank, octave and all that says how notes are played. */
export interface AuthoredVoice {
  readonly program?: number | undefined;
  readonly bank?: number | undefined;
  readonly like?: string | undefined;
  readonly gain?: Decibels | undefined;
  readonly pan?: number | undefined;
  readonly octave?: number | undefined;
  readonly touch?: Touch | undefined;
  readonly doubling?: AuthoredDoubling | undefined;
  readonly pizzicato?: AuthoredPizzicato | undefined;
  readonly swell?: AuthoredSwell | undefined;
  readonly tremolo?: AuthoredTremolo | undefined;
  readonly divisi?: UnitInterval | undefined;
  readonly roll?: UnitInterval | "none" | undefined;
}

export interface AuthoredDoubling {
  /** -1, 1 or 0, which is nobody. */
  readonly octaves: number;
  readonly from?: UnitInterval | undefined;
}

export interface AuthoredPizzicato {
  readonly program: number;
  readonly bank?: number | undefined;
  readonly gain?: Decibels | undefined;
  readonly below?: UnitInterval | undefined;
}

export interface AuthoredSwell {
  readonly by?: Decibels | undefined;
  readonly below?: UnitInterval | undefined;
}

export interface AuthoredTremolo {
  readonly depth?: UnitInterval | undefined;
  readonly from?: UnitInterval | undefined;
}

export interface AuthoredSignal {
  readonly range?: readonly [number, number] | undefined;
  readonly initial?: number | undefined;
  readonly attack?: Seconds | undefined;
  readonly release?: Seconds | undefined;
  readonly curve?: readonly Point[] | undefined;
  readonly deadband?: number | undefined;
}

export interface AuthoredMood {
  readonly valence?: number | undefined;
  readonly arousal?: UnitInterval | undefined;
  readonly tempo?: Bpm | undefined;
  readonly meter?: Meter | undefined;
  readonly phrase?: number | undefined;
  readonly key?: Key | undefined;
  readonly style?: Style | undefined;
  readonly stems?: readonly Stem[] | AuthoredLevels | undefined;
  readonly activity?: Readonly<Partial<Record<Stem, readonly Point[] | undefined>>> | undefined;
  /** A name of `forms`, or a form. */
  readonly form?: string | undefined;
  /** Each a name of `progressions`, or a progression. */
  readonly progression?: readonly string[] | undefined;
  /** Named `none`, it has none. */
  readonly theme?: AuthoredMoodTheme | undefined;
  /** Names of `takes`, or `none`. */
  readonly takes?: Readonly<Partial<Record<Stem, string | undefined>>> | undefined;
  readonly markers?: Readonly<Record<string, Length>> | undefined;
  readonly inherit?: string | undefined;
}

/** Either a file or notes. */
export interface AuthoredTheme {
  readonly midi?: string | undefined;
  readonly notes?: string | undefined;
  readonly key?: Key | undefined;
  readonly meter?: Meter | undefined;
}

/** A stem as audio. */
export interface AuthoredTake {
  readonly audio: string;
  readonly tempo: Bpm;
  /** In bars. */
  readonly length: number;
  readonly meter?: Meter | undefined;
  readonly entry?: Length | undefined;
  readonly tail?: Length | undefined;
  readonly loop?: readonly [Length, Length] | undefined;
  readonly level?: Decibels | undefined;
}

export interface AuthoredMoodTheme {
  readonly name: string;
  readonly likeness?: readonly [UnitInterval, UnitInterval] | undefined;
  readonly register?: number | undefined;
  readonly density?: ThemeDensity | undefined;
}

type AuthoredLevels = Readonly<Partial<Record<Stem, StemLevel | undefined>>>;

export interface AuthoredLocation {
  readonly palette?: string | undefined;
  readonly mood?: string | undefined;
  readonly colour?: AuthoredColour | undefined;
}

export interface AuthoredColour {
  readonly room?: UnitInterval | undefined;
  readonly brightness?: UnitInterval | undefined;
  readonly level?: Decibels | undefined;
}

export interface AuthoredRule {
  readonly when: Condition;
  readonly until?: Condition | undefined;
  readonly mood: string;
  readonly for?: Length | undefined;
  readonly cooldown?: Seconds | undefined;
  readonly priority?: number | undefined;
}

export interface AuthoredTransition {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly at?: SyncPoint | undefined;
  readonly enter?: Entry | undefined;
  readonly fade?: Length | undefined;
  readonly bridge?: AuthoredBridge | undefined;
  readonly stinger?: string | undefined;
}

export interface AuthoredBridge {
  /** In bars; 0 is none. */
  readonly length: Length;
  readonly tempo?: "ramp" | "step" | undefined;
  readonly stems?: readonly Stem[] | undefined;
  /** Names of `takes`, or `none`. */
  readonly takes?: Readonly<Partial<Record<Stem, string | undefined>>> | undefined;
}

export interface AuthoredStinger {
  readonly theme?: string | undefined;
  /** A name of `takes`. */
  readonly take?: string | undefined;
  readonly at?: SyncPoint | undefined;
  readonly length?: Length | undefined;
  readonly stems?: readonly Stem[] | undefined;
  readonly intensity?: UnitInterval | undefined;
  readonly cooldown?: Seconds | undefined;
  readonly most?: number | undefined;
  readonly priority?: number | undefined;
  readonly moods?: readonly string[] | undefined;
  readonly next?: "ring" | "cut" | undefined;
  readonly duck?: AuthoredDuck | undefined;
}

export interface AuthoredDuck {
  readonly by: Decibels;
  readonly attack?: Seconds | undefined;
  readonly release?: Seconds | undefined;
}
