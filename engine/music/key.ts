/** Pitch class, 0 (C) – 11 (B). */
export type PitchClass = number;

export type Mode =
  "ionian" | "dorian" | "phrygian" | "lydian" | "mixolydian" | "aeolian" | "locrian";

/** In the order of the model's `mode` condition. */
export const MODES: readonly Mode[] = [
  "ionian",
  "dorian",
  "phrygian",
  "lydian",
  "mixolydian",
  "aeolian",
  "locrian",
];

export interface Key {
  readonly tonic: PitchClass;
  readonly mode: Mode;
}

const SCALES: Readonly<Record<Mode, readonly number[]>> = {
  ionian: [0, 2, 4, 5, 7, 9, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  aeolian: [0, 2, 3, 5, 7, 8, 10],
  locrian: [0, 1, 3, 5, 6, 8, 10],
};

/** Semitones above the tonic of the mode's seven degrees. */
export const scaleOf = (mode: Mode): readonly number[] => SCALES[mode];

const NAMES = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"] as const;
const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const MODE_WORDS: Readonly<Record<string, Mode>> = { major: "ionian", minor: "aeolian" };

/** Reads "D dorian", "F# minor", "Bb major"; undefined when it is no key. */
export function parseKey(text: string): Key | undefined {
  const match = /^([A-Ga-g])([#b♯♭]?)\s+([a-z]+)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, letter = "", accidental = "", word = ""] = match;
  const mode = MODE_WORDS[word] ?? MODES.find((name) => name === word);
  const natural = LETTERS[letter.toUpperCase()];
  if (mode === undefined || natural === undefined) return undefined;
  const shift = accidental === "#" || accidental === "♯" ? 1 : accidental === "" ? 0 : -1;
  return { tonic: (natural + shift + 12) % 12, mode };
}

/** The form that `parseKey` reads: "D dorian". */
export const formatKey = ({ tonic, mode }: Key): string => `${NAMES[tonic] ?? "?"} ${mode}`;
