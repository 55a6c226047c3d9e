import type { Style } from "../music/bar-plan.ts";
import type { Stem } from "../music/stem.ts";
import type { Meter } from "../time/meter.ts";
import type { ThemeDensity } from "../theme/theme.ts";
import type { Entry } from "../time/sync-point.ts";
import type {
  BridgeLength,
  Gain,
  KeyName,
  Length,
  Level,
  MusicalLength,
  PhraseLength,
  StingerLength,
  Sync,
  TakeLength,
  TakePlace,
  Time,
} from "./written-values.ts";

/**
 * Writes a score in TypeScript: the keys and values of a score script, completed and checked by the
 * compiler, with the names of moods and stingers known from the same literal. Returns the script as
 * text (JSON), for `createSoundtrack` and `parseScore`, which report what types cannot see.
 *
 * @example
 * import { defineScore } from "attacca";
 *
 * const score = defineScore({
 *   attacca: 1,
 *   moods: { calm: {}, danger: { tempo: 132, phrase: "4 bars" } },
 *   rules: [{ when: "intensity > 0.7", until: "intensity < 0.5", mood: "danger" }],
 *   transitions: [{ from: "any", to: "danger", at: "beat", fade: "1 beat" }],
 * });
 */
export const defineScore = <Moods extends string, Stingers extends string = never>(
  score: ScoreScript<Moods, Stingers>,
): string => JSON.stringify(score, null, 2);

type OneOrMore<Name extends string> = Name | readonly Name[];
type Curve = readonly (readonly [number, number])[];
type Named<Part> = Readonly<Record<string, Part>>;

/** A score script as data; docs/score.md explains every key. */
export interface ScoreScript<Moods extends string, Stingers extends string = never> {
  readonly attacca: 1;
  readonly title?: string;
  /** Quarter notes per minute, 40–240. */
  readonly tempo?: number;
  readonly meter?: Meter;
  readonly key?: KeyName;
  readonly palette?: string;
  readonly palettes?: Named<PaletteScript>;
  readonly phrase?: PhraseLength;
  /** Such as `A A' B A`. */
  readonly forms?: Named<string>;
  /** Such as `i VI III-VII V7`. */
  readonly progressions?: Named<string>;
  readonly signals?: Named<SignalScript>;
  readonly themes?: Named<ThemeScript>;
  readonly takes?: Named<TakeScript>;
  readonly moods: Readonly<Record<Moods, MoodScript<NoInfer<Moods>>>>;
  readonly locations?: Named<LocationScript<NoInfer<Moods>>>;
  readonly stingers?: Readonly<Record<Stingers, StingerScript<NoInfer<Moods>>>>;
  readonly rules?: readonly RuleScript<NoInfer<Moods>>[];
  readonly transitions?: readonly TransitionScript<NoInfer<Moods>, NoInfer<Stingers>>[];
}

interface PaletteScript {
  /** A soundfont: SF2, SF3 or DLS. */
  readonly font?: string;
  /** A palette of the engine. */
  readonly like?: string;
  /** 0–1. */
  readonly room?: number;
  readonly voices?: Readonly<Partial<Record<Exclude<Stem, "drums">, VoiceScript>>> & {
    readonly drums?: VoiceOfFontScript & {
      /** 0–1. */
      readonly roll?: number | "none";
    };
  };
}

interface VoiceOfFontScript {
  /** 0–127. */
  readonly program?: number;
  /** A palette of the engine. */
  readonly like?: string;
  readonly gain?: Gain;
  /** -1 – 1. */
  readonly pan?: number;
}

interface VoiceScript extends VoiceOfFontScript {
  /** 0–127. */
  readonly bank?: number;
  /** -2 – 2. */
  readonly octave?: number;
  readonly touch?: "legato" | "detached" | "staccato" | "as written";
  /** `from`: 0–1. */
  readonly doubling?: { readonly octaves: -1 | 0 | 1; readonly from?: number };
  /** `program`, `bank`: 0–127; `below`: 0–1. */
  readonly pizzicato?: PizzicatoScript;
  /** `below`: 0–1. */
  readonly swell?: { readonly by?: Gain; readonly below?: number };
  /** Both 0–1. */
  readonly tremolo?: { readonly depth?: number; readonly from?: number };
  /** 0–1. */
  readonly divisi?: number;
}

interface PizzicatoScript {
  readonly program: number;
  readonly bank?: number;
  readonly gain?: Gain;
  readonly below?: number;
}

interface SignalScript {
  readonly range?: readonly [number, number];
  readonly initial?: number;
  readonly attack?: Time;
  readonly release?: Time;
  readonly curve?: Curve;
  readonly deadband?: number;
}

interface MoodScript<Moods extends string> {
  /** Sad to glad, -1 – 1. */
  readonly valence?: number;
  /** 0–1. */
  readonly arousal?: number;
  readonly tempo?: number;
  readonly meter?: Meter;
  readonly phrase?: PhraseLength;
  readonly key?: KeyName;
  readonly style?: Style;
  /** The stems in play, or the intensity at which each comes in, or its level over intensity. */
  readonly stems?: readonly Stem[] | Readonly<Partial<Record<Stem, number | Curve>>>;
  /** 0 (rests) – 4. */
  readonly activity?: Readonly<Partial<Record<Stem, number | Curve>>>;
  /** A name of `forms`, or a form. */
  readonly form?: string;
  /** Names of `progressions`, or progressions. */
  readonly progression?: OneOrMore<string>;
  /** The name of a theme, how it is used, or `none`. */
  readonly theme?: string | MoodThemeScript;
  /** Names of `takes`, or `none`. */
  readonly takes?: Readonly<Partial<Record<Stem, string>>>;
  readonly markers?: Named<MusicalLength>;
  readonly inherit?: Moods;
}

/** A file or notes. */
type ThemeScript =
  | { readonly midi: string }
  | { readonly notes: string; readonly key?: KeyName; readonly meter?: Meter };

interface TakeScript {
  /** A file that the browser can decode. */
  readonly audio: string;
  readonly tempo: number;
  readonly length: TakeLength;
  readonly meter?: Meter;
  /** What the file has before its first bar. */
  readonly entry?: Length;
  /** What rings on after its last bar. */
  readonly tail?: Length;
  readonly loop?: readonly [TakePlace, TakePlace];
  readonly level?: Level;
}

interface MoodThemeScript {
  readonly name: string;
  readonly likeness?: readonly [number, number];
  /** Octaves, -2 – 2. */
  readonly register?: number;
  readonly density?: ThemeDensity;
}

interface LocationScript<Moods extends string> {
  /** One, or two that are blended, by weights above 0 up to 1. */
  readonly palette?: string | readonly [string, string] | Readonly<Record<string, number>>;
  readonly mood?: Moods;
  readonly colour?: {
    readonly room?: number;
    readonly brightness?: number;
    readonly level?: Level;
  };
}

interface StingerScript<Moods extends string> {
  readonly theme?: string;
  /** A name of `takes`. */
  readonly take?: string;
  readonly at?: Sync;
  readonly length?: StingerLength;
  readonly stems?: readonly Stem[];
  readonly intensity?: number;
  readonly cooldown?: Time;
  readonly most?: number;
  readonly priority?: number;
  readonly moods?: OneOrMore<Moods | "any">;
  readonly next?: "ring" | "cut";
  readonly duck?: Level | { readonly by: Level; readonly attack?: Time; readonly release?: Time };
}

interface RuleScript<Moods extends string> {
  /** Such as `intensity > 0.7 and location is cave`. */
  readonly when: string;
  readonly until?: string;
  readonly mood: Moods;
  readonly for?: Length;
  readonly cooldown?: Time;
  readonly priority?: number;
}

interface TransitionScript<Moods extends string, Stingers extends string> {
  readonly from: OneOrMore<Moods | "any">;
  readonly to: OneOrMore<Moods | "any">;
  readonly at?: Sync;
  readonly enter?: Entry;
  readonly fade?: Length;
  readonly bridge?: BridgeLength | BridgeScript;
  readonly stinger?: Stingers;
}

interface BridgeScript {
  readonly length: BridgeLength;
  readonly tempo?: "ramp" | "step";
  readonly stems?: readonly Stem[];
  /** Names of `takes`, or `none`. */
  readonly takes?: Readonly<Partial<Record<Stem, string>>>;
}
