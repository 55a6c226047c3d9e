import type { Style } from "../music/bar-plan.ts";
import type { Form } from "../music/form.ts";
import type { Key } from "../music/key.ts";
import type { Manner } from "../music/orchestrate.ts";
import type { Progression } from "../music/roman.ts";
import type { Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import type { Entry, SyncPoint } from "../time/sync-point.ts";
import type { WrittenTheme, ThemeDensity } from "../theme/theme.ts";
import type { Bpm, Decibels, Seconds, UnitInterval } from "../time/units.ts";
import type { Condition } from "./condition.ts";

/** A checked score: every default filled in, every name known to exist. Made by `parseScore`. */
export interface Score {
  readonly title: string;
  readonly tempo: Bpm;
  readonly key: Key;
  /** The palette where no location gives one (key `palette`; default: the first known). */
  readonly palette: string;
  /** Palettes of its own, which it may name beside those of the engine; absent: none. */
  readonly palettes?: readonly PaletteSpec[] | undefined;
  /** Always holds `intensity`. */
  readonly signals: Readonly<Record<string, SignalSpec>>;
  readonly themes: readonly ThemeSpec[];
  readonly takes: readonly TakeSpec[];
  /** At least one; the first is the mood to start in where no location says otherwise. */
  readonly moods: readonly Mood[];
  readonly locations: readonly Location[];
  readonly stingers: readonly Stinger[];
  readonly rules: readonly Rule[];
  /** First match wins. */
  readonly transitions: readonly Transition[];
}

/** Instruments of a score's own. */
export interface PaletteSpec {
  readonly name: string;
  /** The path of a soundfont as the score gives it; undefined: its instruments are those of built-in palettes. */
  readonly font: string | undefined;
  /** The built-in palette that plays where it says nothing, and while its soundfont is not there. */
  readonly like: string;
  /** Share of the music that goes to the reverb; undefined: as much as in the palette that it is like. */
  readonly room: UnitInterval | undefined;
  readonly voices: Readonly<Partial<Record<Stem, VoiceSpec>>>;
}

/** How a stem of such a palette sounds; what is undefined is as in the palette that it is like. */
export interface VoiceSpec {
  /** Of the palette's soundfont; drums are a kit whatever the bank. */
  readonly instrument: { readonly bank: number; readonly program: number } | undefined;
  /** The built-in palette whose instrument it has, where it has none of the soundfont. */
  readonly like: string | undefined;
  /** Beside what its instrument is turned up by. */
  readonly gain: Decibels;
  /** -1 left – 1 right. */
  readonly pan: number | undefined;
  readonly touch: Touch | undefined;
  /** Octaves up (negative: down), -2 – 2. */
  readonly octave: number | undefined;
  readonly doubling: Manner["doubling"] | "none";
  readonly pizzicato: PizzicatoSpec | undefined;
  readonly swell: Manner["swell"] | "none";
  readonly tremolo: Manner["tremolo"] | "none";
  /** How far apart two sections stand that share its chords; 0: one plays all. */
  readonly divisi: UnitInterval | undefined;
  /** The intensity from which drums roll into the next phrase. */
  readonly roll: UnitInterval | "none" | undefined;
}

/** The instrument of the soundfont that plucks where it is calm. */
interface PizzicatoSpec {
  readonly bank: number;
  readonly program: number;
  /** Beside the gain of the voice. */
  readonly gain: Decibels;
  /** The intensity below which it is calm. */
  readonly below: UnitInterval;
}

export type Touch = NonNullable<Manner["touch"]> | "as written";

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
  readonly meter: Meter;
  /** Bars in a phrase, 4–8: the model needs the time of one phrase to write the next. */
  readonly phrase: number;
  readonly key: Key;
  readonly style: Style | undefined;
  /** The stems in play. */
  readonly stems: Readonly<Partial<Record<Stem, StemLevel>>>;
  /** How busy stems are, 0 (rests) – 4, over intensity; where one has no curve the composer decides. */
  readonly activity: Readonly<Partial<Record<Stem, readonly Point[]>>>;
  readonly form: Form;
  /** In the mood's mode: for the first letter of the form, the second and so on. Empty: the composer's own. */
  readonly progressions: readonly Progression[];
  readonly theme: MoodTheme | undefined;
  /** The authored takes that stems play, by name. */
  readonly takes: Readonly<Partial<Record<Stem, string>>>;
  readonly markers: readonly Marker[];
}

/** A motif of the composer's own: the path of a MIDI file as the score gives it, or notes already read. */
export type ThemeSpec =
  | { readonly kind: "midi"; readonly name: string; readonly file: string }
  | { readonly kind: "notes"; readonly name: string; readonly theme: WrittenTheme };

/** A stem that the composer brings as audio, on the grid of its own tempo and meter. */
export interface TakeSpec {
  readonly name: string;
  /** The path of the audio file as the score gives it. */
  readonly file: string;
  readonly tempo: Bpm;
  readonly meter: Meter;
  readonly bars: number;
  /** What the file has before bar 0. */
  readonly entry: Seconds;
  /** What rings on after the last bar. */
  readonly tail: Seconds;
  /** In bars: from the second place the take goes back to the first. */
  readonly loop: readonly [from: number, to: number];
  readonly level: Decibels;
}

/** The theme that a mood is recognised by. */
export interface MoodTheme {
  readonly name: string;
  /** How like the theme a phrase must be at least and may be at most. */
  readonly likeness: readonly [UnitInterval, UnitInterval];
  /** Octaves above the theme's own place (negative: below), -2 – 2. */
  readonly register: number;
  readonly density: ThemeDensity;
}

/** From which intensity upwards a stem is heard (0: always), or its level within [0, 1] over intensity. */
export type StemLevel = UnitInterval | readonly Point[];

/** A place in every phrase of a mood that a transition may wait for. */
interface Marker {
  readonly name: string;
  /** From the beginning of the phrase, within it. */
  readonly at: Length;
}

/** A named place: it gives the palette, and the mood where no rule asks for another. */
export interface Location {
  readonly name: string;
  /** Of two that are blended, as `music/blend.ts` calls them. */
  readonly palette: string;
  readonly mood: string | undefined;
  readonly colour: Colour;
}

/** How a place sounds beyond its instruments; between places it is mixed by their weights. */
export interface Colour {
  /** Share of the music that goes to the reverb; undefined: the palette's. */
  readonly room: UnitInterval | undefined;
  /** 1 is open, 0 as through a wall: a low-pass filter from 20 kHz down to 300 Hz, by octaves. */
  readonly brightness: UnitInterval;
  readonly level: Decibels;
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
  /** Undefined: `start` in another mood, `same position` where only the place changes. */
  readonly enter: Entry | undefined;
  readonly fade: Length;
  readonly bridge: Bridge | undefined;
  /** Sounds where the new mood begins. */
  readonly stinger: string | undefined;
}

/** Bars that lead from one mood to another; they begin at the sync point, and the mood after them. */
interface Bridge {
  /** 1–8. */
  readonly bars: number;
  /** Whether the tempo goes over to the new mood's bar by bar, or changes with it; with takes it is `step`. */
  readonly tempo: "ramp" | "step";
  /** Absent: the stems of the mood that is left, and no takes. */
  readonly parts?: BridgeParts | undefined;
}

/** Which stems a bridge has, and what they play. */
export interface BridgeParts {
  /** Undefined: those of the mood that is left. Those that play takes are among them anyway. */
  readonly stems: readonly Stem[] | undefined;
  /** The authored takes that stems play, by name. */
  readonly takes: Readonly<Partial<Record<Stem, string>>>;
}

/** A short one-shot over the music, in the key and chord that sound then. */
export interface Stinger {
  readonly name: string;
  /** Its melody, in the key that sounds; undefined: the model's own. */
  readonly theme: string | undefined;
  /** What it plays once, as it is, whatever sounds; absent: it is generated, as it is while the take is not there. */
  readonly take?: StingerTake | undefined;
  readonly at: SyncPoint;
  /** Of what is generated, 1–4. */
  readonly bars: number;
  readonly stems: readonly Stem[];
  readonly intensity: UnitInterval;
  /** From its beginning, so long it is not played again. */
  readonly cooldown: Seconds;
  /** Of it and others at once: where so many sound, those of lower priority give way, or this one is dropped. */
  readonly most: number;
  readonly priority: number;
  /** Moods in which it may sound, each with those that inherit from it; `any` for all. */
  readonly moods: readonly string[];
  /** What happens when another mood begins while it sounds. */
  readonly next: "ring" | "cut";
  readonly duck: Duck | undefined;
}

/** An authored take as a stinger, in its own tempo. */
export interface StingerTake {
  readonly name: string;
  /** What it has before its first bar, which falls on the sync point. */
  readonly pickup: Seconds;
  /** Its bars; its tail rings on after them. */
  readonly lasts: Seconds;
}

/** The music steps back for as long as a stinger sounds. */
export interface Duck {
  readonly by: Decibels;
  readonly attack: Seconds;
  readonly release: Seconds;
}

/** A length in musical or clock time, as written: `1 bar`, `2 beats`, `400ms`, `1.5s`. */
export interface Length {
  readonly value: number;
  readonly unit: "bars" | "beats" | "seconds";
}
