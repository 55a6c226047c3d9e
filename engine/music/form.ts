import type { Reading } from "./reading.ts";

export const FORM_LETTERS = ["A", "B", "C", "D"] as const;
export type FormLetter = (typeof FORM_LETTERS)[number];

/** One phrase of a form: `A`, `A'`, `B''`. */
interface FormPhrase {
  readonly letter: FormLetter;
  /** 0–3: how far it goes from the phrase that it varies. */
  readonly primes: number;
}

/** The phrases of one round, 1–8. */
export type Form = readonly FormPhrase[];

/** No phrase may vary one that is further back than a round, and older takes are forgotten. */
const MOST_PHRASES = 8;
const PHRASE = /^([A-D])(['’′]{0,3})$/;

/** Reads `A A' B A`. */
export function readForm(text: string): Reading<Form> {
  const words = text.trim().split(/\s+/);
  const form: FormPhrase[] = [];
  for (const word of words) {
    const [, name, primes = ""] = PHRASE.exec(word) ?? [];
    const letter = FORM_LETTERS.find((known) => known === name);
    if (letter === undefined) {
      const expected = "A, B, C or D with up to three primes";
      return { ok: false, found: JSON.stringify(word), expected };
    }
    form.push({ letter, primes: primes.length });
  }
  if (form.length > MOST_PHRASES) {
    return { ok: false, found: "one more", expected: `at most ${MOST_PHRASES} phrases` };
  }
  return { ok: true, value: form };
}
