import { STYLES, type Style } from "../music/bar-plan.ts";
import { perStem, type PerStem, type Stem } from "../music/stem.ts";
import data from "./tunables.json" with { type: "json" };

interface Stage {
  readonly from: number;
  readonly to: number;
}

/** By lag: 1, 2, 4 and 8 bars. */
interface RepetitionChances {
  readonly same: readonly number[];
  readonly rhythm: readonly number[];
}

/**
 * Every number that a musician might want to turn. The values lie in `tunables.json`, which the
 * Python sampler (`models/sampler`) reads too. Probabilities and shares are within [0, 1], penalties
 * and bonuses are nats added to logits.
 */
interface Tunables {
  /** Colder than 1 by a little: at 1 one draw in ten leaves the style, below .9 phrases repeat. */
  readonly temperature: number;
  /** The least likely twentieth holds most of the wrong notes and few of the surprising ones. */
  readonly topP: number;
  /** Chords and octaves are structure, so they are drawn colder. */
  readonly structureTemperature: number;
  readonly structureTopP: number;
  /**
   * What others lean on comes first: chords, then harmony and bass, melody over them, counter around
   * the melody, drums last. Stages overlap, since a lane that is half known still informs the others.
   */
  readonly stages: PerStem<Stage> & { readonly chords: Stage };
  /** Noise on the order in which cells are decided: without it the safest cells come first, rests among them. */
  readonly orderNoise: number;
  /** Added to an onset's place in the order for each metric weight (0–4): strong beats are decided first. */
  readonly strongBeatFirst: number;
  /** Passes at the end that rewrite what is least certain, from this many passes in all upwards. */
  readonly revisions: readonly { readonly from: number; readonly passes: number }[];
  /** Share of a stem's onsets, and of its holds and rests, that one revision masks again. */
  readonly revisedOnsets: number;
  readonly revisedOthers: number;
  /** Each tone of a chord that is foreign to the scale; and how much sooner downbeats get theirs. */
  readonly foreignChordTone: number;
  readonly downbeatChordFirst: number;
  /** A pitch outside the scale and the chord: rarer, not forbidden. */
  readonly outOfScale: number;
  /** A bass note outside the chord where the metric weight is 3 or more: as good as forbidden. */
  readonly bassOffChord: number;
  /**
   * Added to a pitch for its interval (0, 1, 2, … 12 semitones, then more) from the neighbouring
   * notes, which do not know each other within a pass: it favours steps over wandering. Fitted to the
   * shipped weights by `models/fit_intervals.py`, towards the interval shares of training works; it raises no
   * leap of the melody over nine semitones, since twice as many then come out as there are.
   */
  readonly intervals: Readonly<Record<"melody" | "counter" | "bass", readonly number[]>>;
  /** And for each semitone beyond an octave. */
  readonly leap: number;
  /**
   * Chances that a bar follows the one 1, 2, 4 and 8 bars back, tried in this order: `same` copies it
   * (pitched stems only where the chords agree); where none is copied, `rhythm` takes the rhythm. They begin
   * half way between the training games and the training scores (each lag given that no shorter one
   * repeats); the melody's and the counter's lags 2 and 4 are doubled, since their places in the phrase
   * halve them. `rhythm` was then lowered by what the network repeats by itself. Games loop: in their
   * styles copies are likelier, tuned on training works to how often bars come back there. Those of lines were
   * then lowered for the composer's progressions, which come round after four bars: there 86 % of the bars
   * could be copied, while 41 % could in training games and 4 % in scores.
   */
  readonly repetition: Readonly<Record<"scores" | "games", PerStem<RepetitionChances>>>;
  readonly gameStyles: readonly Style[];
  /** What a follower adds to the kind of its source (onset, hold or rest), to its pitch, to its drum. */
  readonly copyPull: { readonly kind: number; readonly pitch: number; readonly drums: number };
  readonly rhythmPull: { readonly kind: number; readonly pitch: number };
  /** Semitones from the outline of a rhythm's source at which its pull ends. */
  readonly outlineReach: number;
  /**
   * Strength of a cadence at the end of a phrase, half way, and times that in an ending; then, for
   * strength 1: the last strong beat, holds after it, tones of the chord, the tonic among them, and by
   * how much of itself the bar has fewer onsets.
   */
  readonly cadence: {
    readonly full: number;
    readonly half: number;
    readonly ending: number;
    readonly landing: number;
    readonly after: number;
    readonly chordTone: number;
    readonly tonic: number;
    readonly thinning: number;
  };
  /**
   * In the climax of a phrase the pitches up to `reach` semitones above the rest of it gain `rise`; those elsewhere
   * that reach it lose `shade`.
   */
  readonly climax: { readonly rise: number; readonly shade: number; readonly reach: number };
  /**
   * Each note of the bass after the first on a pitch lowers that pitch in its bar: notes drawn side by side all take
   * the root. Tuned to training games, in which 40 % of the bars with four notes of the bass or more have one pitch.
   */
  readonly bassRepeat: number;
  /** Added to an onset's odds for each metric weight above 1. */
  readonly metricPull: Readonly<Record<Exclude<Stem, "drums">, number>>;
  /**
   * Drums that accompany, in these styles: their density cuts shrink (the cuts are mostly those of
   * drum kits played alone), they never fill more than a share of the slots, and kick, snare and toms
   * lose by this much off the beat.
   */
  readonly calmDrums: {
    readonly styles: readonly Style[];
    readonly cuts: number;
    readonly ceiling: number;
    readonly offbeat: number;
  };
  /**
   * In the second half of a fill: toms, snares, hats and cymbals; and the crash on the downbeat after it.
   * Tuned on training works to the fills of drum kits played alone (second halves of the bars whose role
   * is `fill`, by intensity) and to the crashes with which games begin a phrase.
   */
  readonly fill: {
    readonly toms: number;
    readonly snare: number;
    readonly cymbals: number;
    readonly crash: number;
  };
  /** A drum that the bar before or after has at the same place; and a cymbal in use around, by log(1 + hits). */
  readonly drumEcho: number;
  readonly cymbalHabit: number;
  /** Each note of a chord after the first; and more where the density is 1 or 2: few chords are full ones. */
  readonly fullness: number;
  readonly padFullness: number;
  /**
   * At the highest intensity, each note of a chord after the first gains and each rest loses this much, and
   * this share of onsets comes on top of what the network expects; at the lowest the other way.
   */
  readonly intensityFullness: number;
  readonly intensityRests: number;
  readonly intensityOnsets: number;
  /** Each semitone by which the middle of a chord moves beyond the free ones, from its neighbours. */
  readonly chordMove: number;
  readonly freeChordMove: number;
  /** Slots within which two notes of a line count as neighbours. */
  readonly intervalReach: number;
  /** How far the onset odds may be pushed to meet a density, either way. */
  readonly densityReach: number;
  /** How far the odds of rest against hold may be pushed to keep the rests that were expected. */
  readonly restReach: number;
  /**
   * Onsets a slot that part the density levels 1 | 2 | 3 | 4, by stem (for drums slots with a hit):
   * the quartiles of the training bars.
   */
  readonly densityCuts: PerStem<readonly [number, number, number]>;
}

function triple([low, middle, high]: readonly number[]): readonly [number, number, number] {
  if (low === undefined || middle === undefined || high === undefined) {
    throw new RangeError("tunables.json: densityCuts needs three numbers for each stem");
  }
  return [low, middle, high];
}

const stylesAmong = (names: readonly string[]): readonly Style[] =>
  STYLES.filter((style) => names.includes(style));

export const TUNABLES: Tunables = {
  ...data,
  calmDrums: { ...data.calmDrums, styles: stylesAmong(data.calmDrums.styles) },
  gameStyles: stylesAmong(data.gameStyles),
  densityCuts: perStem((stem) => triple(data.densityCuts[stem])),
};
