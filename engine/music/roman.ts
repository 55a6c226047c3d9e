import type { Chord, ChordQuality } from "./chord.ts";
import { scaleOf, type Mode } from "./key.ts";
import type { Reading } from "./reading.ts";

/** A chord as a degree of whatever mode it sounds in. */
interface Numeral {
  /** 0 (tonic) – 6. */
  readonly degree: number;
  readonly sign: Sign;
  readonly quality: ChordQuality;
}

/** `flat` lowers the degree of major, whatever the mode; `sharp` raises the mode's own. */
type Sign = "natural" | "flat" | "sharp";

/** A progression as it is written, 1–8 bars of two halves each. */
export type Numerals = readonly (readonly [Numeral, Numeral])[];

/** The chords of a phrase: two for each bar. */
export type Progression = readonly (readonly [Chord, Chord])[];

/** A phrase has no more bars. */
const MOST_BARS = 8;
const EXPECTED =
  "a chord such as i, V7, vii°, III+, bVII, Imaj7, iiø7 or Vsus4, or two of them as in i-V";
const CHORD = /^([b♭#♯]?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)(.*)$/;
const DEGREES: readonly string[] = ["I", "II", "III", "IV", "V", "VI", "VII"];
const SIGNS: Readonly<Record<string, Sign>> = {
  "": "natural",
  b: "flat",
  "♭": "flat",
  "#": "sharp",
  "♯": "sharp",
};

/** What may follow a numeral in capitals (a major third) … */
const LARGE: ReadonlyMap<string, ChordQuality> = new Map([
  ["", "maj"],
  ["+", "aug"],
  ["7", "dom7"],
  ["maj7", "maj7"],
  ["sus4", "sus4"],
]);
/** … and in small letters (a minor third). */
const SMALL: ReadonlyMap<string, ChordQuality> = new Map([
  ["", "min"],
  ["°", "dim"],
  ["o", "dim"],
  ["7", "min7"],
  ["ø7", "hdim7"],
  ["°7", "dim7"],
  ["o7", "dim7"],
]);

/**
 * Reads `i VI III-VII V7`: one chord a bar, two joined by a hyphen for half a bar each.
 *
 *     progression = bar { bar }      bar   = chord [ "-" chord ]
 *     chord       = [ "b" | "#" ] numeral [ "+" | "°" | "7" | "maj7" | "ø7" | "°7" | "sus4" ]
 */
export function readNumerals(text: string): Reading<Numerals> {
  const bars: (readonly [Numeral, Numeral])[] = [];
  for (const bar of text.trim().split(/\s+/)) {
    const halves = bar.split("-");
    const wrong = halves.find((half) => readNumeral(half) === undefined);
    const [first, second] = halves.map(readNumeral);
    if (halves.length > 2 || wrong !== undefined || first === undefined) {
      const found = halves.length > 2 || wrong === "" ? bar : (wrong ?? bar);
      return { ok: false, found: JSON.stringify(found), expected: EXPECTED };
    }
    bars.push([first, second ?? first]);
  }
  if (bars.length > MOST_BARS) {
    return { ok: false, found: "one more", expected: `at most ${MOST_BARS} bars` };
  }
  return { ok: true, value: bars };
}

function readNumeral(text: string): Numeral | undefined {
  const [, sign = "", numeral = "", kind = ""] = CHORD.exec(text) ?? [];
  const large = numeral.toUpperCase();
  const degree = DEGREES.indexOf(large);
  const quality = (numeral === large ? LARGE : SMALL).get(kind);
  if (degree === -1 || quality === undefined) return undefined;
  return { degree, sign: SIGNS[sign] ?? "natural", quality };
}

/**
 * The chords of a progression in a mode: VI is the sixth of that mode, A♭ in C minor and A in C dorian. bVI
 * is A♭ in both, as most writers mean it, and #vi A in C minor, where the sixth is raised.
 */
export function chordsIn(mode: Mode, numerals: Numerals): Progression {
  const chord = ({ degree, sign, quality }: Numeral): Chord => ({
    root: rootOf(mode, degree, sign),
    quality,
  });
  return numerals.map(([first, second]) => [chord(first), chord(second)]);
}

function rootOf(mode: Mode, degree: number, sign: Sign): number {
  const own = scaleOf(sign === "flat" ? "ionian" : mode)[degree] ?? 0;
  const shift = { natural: 0, flat: -1, sharp: 1 }[sign];
  return (own + shift + 12) % 12;
}
