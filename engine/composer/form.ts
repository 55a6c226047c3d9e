import type { FormRole } from "../music/bar-plan.ts";
import type { Form, FormLetter } from "../music/form.ts";
import { pickAt, randomAt } from "../music/random.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";

/** What one phrase does in the form of a tune that goes round and round. */
export interface FormStep {
  readonly role: FormRole;
  /** Whether its harmony comes home, or waits for the phrase that does. */
  readonly cadence: "close" | "open";
  readonly idea: Idea;
  /** The phrase that it varies; undefined where it is new. */
  readonly source: FormSource | undefined;
  /** An open phrase is written towards the one that follows: the earlier phrase that this one will vary. */
  readonly towards: number | undefined;
  /** Whether later phrases may vary it. */
  readonly lasting: boolean;
}

/** Phrases of one letter share an idea, and with it their harmony, until the next version of it. */
export interface Idea {
  /** Place of its letter among those of the form, 0–3. */
  readonly letter: number;
  readonly version: number;
}

interface FormSource {
  readonly index: number;
  /** The share of the tune that changes. */
  readonly change: UnitInterval;
  /** The version of the idea that it was written for. */
  readonly version: number;
}

/** The form as its first letter, home, and the letters that contrast with it. */
interface Letters {
  readonly home: FormLetter;
  readonly contrasts: readonly FormLetter[];
}

/** The share of a tune that changes: where it comes back within a round, for each prime, and from round to round. */
const RETURN = 0.1;
const PRIME = [0, 0.3, 0.45, 0.6] as const;
const GROWTH = 0.4;
/** Each round varies by more or by less; the first does as written. */
const DEPTHS = [0.7, 1, 1.3] as const;
/** A tune over new chords keeps less than half of its notes. */
const OVER_NEW_CHORDS = 0.6;
/** Something new comes about once in so many phrases, which of four bars at 96 bpm take 80 s … */
const PHRASES_A_TURN = 8;
/** … and where no letter contrasts, sooner. */
const PHRASES_A_TURN_ALONE = 4;

/** The distinct letters of a form, in order. */
export const lettersOf = (form: Form): readonly FormLetter[] => [
  ...new Set(form.map(({ letter }) => letter)),
];

/** What the phrase of an index, from 0, does. The form is not empty; `seed` is that of the tune. */
export function formStep(form: Form, index: number, seed: number): FormStep {
  const [home = "A", ...contrasts] = lettersOf(form);
  const letters: Letters = { home, contrasts };
  const { letter, primes } = phraseAt(form, index);
  const source = sourceOf(form, letters, index, seed);
  const cadence = isOpen(form, letters, letter) ? "open" : "close";
  const next = cadence === "open" ? sourceOf(form, letters, index + 1, seed)?.index : undefined;
  return {
    role: letter === "A" ? (primes === 0 ? "A" : "A'") : "B",
    cadence,
    idea: {
      letter: [home, ...contrasts].indexOf(letter),
      version: versionOf(form, letters, letter, roundOf(form, index), seed),
    },
    source,
    towards: next !== undefined && next < index ? next : undefined,
    lasting: primes === 0 || form.every((phrase) => phrase.letter !== letter || phrase.primes > 0),
  };
}

const phraseAt = (form: Form, index: number): Form[number] =>
  form[index % form.length] ?? { letter: "A", primes: 0 };
const roundOf = (form: Form, index: number): number => Math.floor(index / form.length);

/** A letter that leads home at some place of the form is open; home itself closes. */
const isOpen = (form: Form, { home }: Letters, letter: FormLetter): boolean =>
  letter !== home &&
  form.some(
    (phrase, place) => phrase.letter === letter && phraseAt(form, place + 1).letter === home,
  );

/**
 * The last phrase of the same letter, at most a round ago: a plain one varies the last plain one, so that
 * the tune comes back as it was. A contrast whose idea has changed since is new.
 */
function sourceOf(
  form: Form,
  letters: Letters,
  index: number,
  seed: number,
): FormSource | undefined {
  const { letter, primes } = phraseAt(form, index);
  const earlier = Array.from(
    { length: Math.min(index, form.length) },
    (_, back) => index - 1 - back,
  ).filter((other) => phraseAt(form, other).letter === letter);
  const source =
    earlier.find((other) => primes > 0 || phraseAt(form, other).primes === 0) ?? earlier[0];
  if (source === undefined) return undefined;
  const [round, sourceRound] = [roundOf(form, index), roundOf(form, source)];
  const version = versionOf(form, letters, letter, round, seed);
  const sourceVersion = versionOf(form, letters, letter, sourceRound, seed);
  if (letter !== letters.home && version !== sourceVersion) return undefined;
  const written =
    round === sourceRound ? (primes === 0 ? RETURN : (PRIME[primes] ?? GROWTH)) : GROWTH;
  const depth = round === 0 ? 1 : pickAt(DEPTHS, seed, "depth", round);
  const change = version === sourceVersion ? written * depth : OVER_NEW_CHORDS;
  return { index: source, change: unitInterval(change), version: sourceVersion };
}

/**
 * Which version of its idea a letter is at: every few rounds, in one that is drawn, something turns. By
 * turns home gets new chords, and a contrast, each after the other, gives way to a new one.
 */
function versionOf(
  form: Form,
  { home, contrasts }: Letters,
  letter: FormLetter,
  round: number,
  seed: number,
): number {
  const alone = contrasts.length === 0;
  const turns = turnsUpTo(round, alone ? PHRASES_A_TURN_ALONE : PHRASES_A_TURN, form.length, seed);
  if (alone) return turns;
  const first = randomAt(seed, "first turn") < 0.5 ? 1 : 0;
  const ofHome = Math.floor((turns + first) / 2);
  if (letter === home) return ofHome;
  const after = contrasts.length - 1 - contrasts.indexOf(letter);
  return Math.floor((turns - ofHome + after) / contrasts.length);
}

function turnsUpTo(round: number, phrases: number, length: number, seed: number): number {
  if (round === 0) return 0;
  const rounds = Math.ceil(phrases / length);
  const before = Math.floor((round - 1) / rounds);
  const place = Math.floor(randomAt(seed, "turn", before) * rounds);
  return before + (round > before * rounds + place ? 1 : 0);
}
