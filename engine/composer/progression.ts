import type { Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import { scaleOf, type Mode } from "../music/key.ts";
import { pickAt, randomAt } from "../music/random.ts";
import { chordsIn, readNumerals, type Progression } from "../music/roman.ts";
import type { Mood } from "../score/score.ts";
import { lettersOf, type Idea } from "./form.ts";

/**
 * Four-bar progressions, the start symbols of the grammar below, chosen so that each mode shows the degree
 * that makes it itself: the raised sixth of dorian, the flat second of phrygian, and so on. Those of
 * `close` begin at home and end there or go round to it, those of `open` stop before it; `half` is the
 * chord on which the first half of a period waits.
 */
const IDIOMS: Readonly<Record<Mode, Idioms>> = {
  ionian: idioms("ionian", {
    close: ["I V vi IV", "I IV V I", "I vi IV V", "I iii IV V", "I IV ii-V I"],
    open: ["IV I IV V", "vi IV ii V", "ii V vi V", "IV iii ii Vsus4-V"],
    half: "V",
  }),
  dorian: idioms("dorian", {
    close: ["i IV i IV", "i VII IV i", "i III IV i", "i IV VII i", "i ii III IV"],
    open: ["III VII IV v", "VII IV III v", "IV III VII v", "ii IV III VII"],
    half: "v",
  }),
  phrygian: idioms("phrygian", {
    close: ["i II i II", "i II III II", "i vii II i", "i iv II i"],
    open: ["VI II III II", "iv VI II II", "III VI iv II", "VI vii III II"],
    half: "II",
  }),
  lydian: idioms("lydian", {
    close: ["I II I II", "I V II I", "I II V I", "I vii II I"],
    open: ["vi II V II", "iii II vi V", "V iii vi II", "vi V iii II"],
    half: "V",
  }),
  mixolydian: idioms("mixolydian", {
    close: ["I VII IV I", "I IV VII I", "I v VII IV", "I VII I IV"],
    open: ["IV VII vi v", "VII IV ii v", "ii IV vi VII", "vi IV ii VII"],
    half: "VII",
  }),
  aeolian: idioms("aeolian", {
    close: ["i VI III VII", "i VII VI VII", "i iv VI i", "i VI iv v", "i III iv VI-VII"],
    open: ["VI VII iv v", "iv VI III v", "III VII VI v", "VI iv VII Vsus4-V"],
    half: "v",
  }),
  locrian: idioms("locrian", {
    close: ["i° VI i° V", "i° iii VI i°", "i° iv II i°", "i° vii V i°"],
    open: ["V VI iii II", "iii VI V II", "iv VI vii V", "VI iv II V"],
    half: "V",
  }),
};

interface Idioms {
  readonly close: readonly Progression[];
  readonly open: readonly Progression[];
  readonly half: Chord;
}

interface HarmonyRequest {
  readonly mood: Mood;
  readonly idea: Idea;
  readonly cadence: "close" | "open";
  readonly bars: number;
  /** Of the tune: its phrases share their harmony. */
  readonly seed: number;
}

/**
 * The chords of a phrase: those that the mood names, each letter of its form taking the next, round after
 * round the same unless there are more of them than letters; otherwise the composer's own.
 */
export function harmonyOf(request: HarmonyRequest): Progression {
  const { mood, idea, bars } = request;
  const letters = lettersOf(mood.form).length;
  const number = hasChoice(mood) ? idea.letter + letters * idea.version : idea.letter;
  const progression =
    mood.progressions[number % mood.progressions.length] ?? drawn(request, letters);
  return Array.from(
    { length: bars },
    (_, bar) => progression[bar % progression.length] ?? [TONIC, TONIC],
  );
}

const TONIC: Chord = { root: 0, quality: "maj" };

/** Whether a new version of an idea gets new chords: not where the mood names one for each letter and no more. */
export const hasChoice = ({ progressions, form }: Mood): boolean =>
  progressions.length === 0 || progressions.length > lettersOf(form).length;

/** The dominant side of a mode: what leads to a cadence. */
export const halfCadence = (mode: Mode): Chord => IDIOMS[mode].half;

/**
 * A grammar in the manner of M. Rohrmeier, "Towards a generative syntax of tonal harmony" (Journal of
 * Mathematics and Music 5, 2011), cut to what four to eight bars need:
 *
 *     phrase   → idiom | antecedent idiom | antecedent continuation     idiom → four bars of `IDIOMS`
 *     antecedent → three bars of the idiom and a half cadence; of eight bars (W. Caplin, "Classical Form", 1998)
 *     continuation → two bars of an idiom that sets out elsewhere, then the last two of the idiom
 *     chord    → chord chord              prolonged, the earliest first: harmony quickens to a cadence
 *     chord    → one a third away         in every other version: two of three tones stay (Riemann's R and L)
 *
 * Home keeps its idiom; the contrasts go through the others by turns.
 */
function drawn(request: HarmonyRequest, letters: number): Progression {
  const { mood, idea, cadence, bars, seed } = request;
  const { mode } = mood.key;
  const { letter, version } = idea;
  const isHome = letter === 0;
  const choice = IDIOMS[mode][cadence];
  const ofHome = cadence === "close" ? 1 : 0;
  const turn = letter - 1 + (letters - 1) * version;
  const place = isHome ? 0 : ofHome + (turn % (choice.length - ofHome));
  const start = Math.floor(randomAt(seed, "idiom") * choice.length);
  const idiom = choice[(start + place) % choice.length] ?? [];
  const isOther = isHome && version % 2 === 1;
  const chords = isOther ? reharmonised(mode, idiom, seed, version) : idiom;
  return bars < 8
    ? prolonged(chords, bars)
    : [...antecedent(mode, chords), ...answer(request, chords)];
}

/** The first half of eight bars waits on the half cadence. */
const antecedent = (mode: Mode, idiom: Progression): Progression => {
  const { half } = IDIOMS[mode];
  return [...idiom.slice(0, 3), [half, half]];
};

/** Of phrases of eight bars the share whose second half sets out as the first: a tune over chords that come round does so too. */
const PERIODS = 1 / 5;

/** The second half of eight bars: the idiom whole, or after two bars from elsewhere its close. */
function answer({ mood, idea, seed }: HarmonyRequest, idiom: Progression): Progression {
  if (randomAt(seed, "period", idea.letter) < PERIODS) return idiom;
  const start = rootOf(idiom);
  const elsewhere = IDIOMS[mood.key.mode].open.filter((other) => rootOf(other) !== start);
  return [...pickAt(elsewhere, seed, "continuation", idea.letter).slice(0, 2), ...idiom.slice(2)];
}

const rootOf = ([first]: Progression): number | undefined => first?.[0].root;

/** Replaces one or both of the chords between the first and the last. */
function reharmonised(
  mode: Mode,
  progression: Progression,
  seed: number,
  version: number,
): Progression {
  const places = pickAt([[1], [2], [1, 2]], seed, "reharmonised", version);
  return progression.map(([first, second], bar) =>
    places.includes(bar) ? [aThirdAway(mode, first), aThirdAway(mode, second)] : [first, second],
  );
}

/** The triad a third below, or above where that one is diminished; a chord off the scale stays. */
function aThirdAway(mode: Mode, chord: Chord): Chord {
  const degree = scaleOf(mode).indexOf(chord.root);
  if (degree === -1) return chord;
  const triads = [5, 2].map((steps) => diatonicTriad(mode, (degree + steps) % 7));
  return triads.find(({ quality }) => quality !== "dim") ?? chord;
}

/** Four bars as 4–7: prolonged from the front. */
const prolonged = (idiom: Progression, bars: number): Progression =>
  idiom.flatMap((bar, place) => (place < bars - 4 ? [bar, bar] : [bar]));

function idioms(
  mode: Mode,
  written: {
    readonly close: readonly string[];
    readonly open: readonly string[];
    readonly half: string;
  },
): Idioms {
  const chords = (text: string): Progression => {
    const reading = readNumerals(text);
    if (!reading.ok) throw new RangeError(`expected ${reading.expected}, got ${reading.found}`);
    return chordsIn(mode, reading.value);
  };
  return {
    close: written.close.map(chords),
    open: written.open.map(chords),
    half: chords(written.half)[0]?.[0] ?? TONIC,
  };
}
