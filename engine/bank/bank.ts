import type { PhrasePlan } from "../composer/phrase-plan.ts";
import type { PhraseTake } from "../composer/take.ts";
import { CHORD_QUALITIES, type Chord } from "../music/chord.ts";
import { changeMode, diatonicTriad } from "../music/harmony.ts";
import { scaleOf, type Key, type Mode } from "../music/key.ts";
import type { Note } from "../music/note.ts";
import { inBassRange } from "../music/register.ts";
import { perStem, type Stem } from "../music/stem.ts";
import { ticksPerBar, type Meter } from "../time/meter.ts";
import { midiPitch, ticks, velocity } from "../time/units.ts";

/**
 * Phrases that the model wrote and the package ships: what sounds before the model is there, and
 * whenever it is not. Numbers only, in the key of C of their mode.
 */
export interface Bank {
  /** SHA-256 of the model that wrote them. */
  readonly model: string;
  readonly phrases: readonly BankPhrase[];
}

export interface BankPhrase {
  readonly mode: Mode;
  readonly meter: Meter;
  readonly bars: number;
  readonly valence: number;
  readonly arousal: number;
  /** Two chords a bar: root × 10 + index of the quality, or `NO_CHORD`. */
  readonly chords: readonly number[];
  /** For each stem, `at, duration, pitch, velocity` of every note, one after another. */
  readonly notes: Readonly<Record<Stem, readonly number[]>>;
}

/** The id of a half bar without a chord, as in the model's table. */
export const NO_CHORD = 120;

/** Two moods of one mode are nearer than any two of different brightness. */
function distance(phrase: BankPhrase, plan: PhrasePlan): number {
  const [bar] = plan.bars;
  if (bar === undefined) return Infinity;
  const brightness = Math.abs(
    MODES_BY_BRIGHTNESS.indexOf(phrase.mode) - MODES_BY_BRIGHTNESS.indexOf(bar.key.mode),
  );
  const meter = sameLength(phrase.meter, bar.meter) ? 0 : 100;
  return (
    meter +
    brightness +
    Math.abs(phrase.valence - bar.valence) +
    2 * Math.abs(phrase.arousal - bar.intensity)
  );
}

const MODES_BY_BRIGHTNESS: readonly Mode[] = [
  "lydian",
  "ionian",
  "mixolydian",
  "dorian",
  "aeolian",
  "phrygian",
  "locrian",
];

const sameLength = (a: Meter, b: Meter): boolean => ticksPerBar(a) === ticksPerBar(b);

/** The phrase that comes nearest to a plan. Throws `RangeError` on an empty bank. */
export function nearestPhrase(bank: Bank, plan: PhrasePlan): BankPhrase {
  const [first] = nearestPhrases(bank, plan, 1);
  if (first === undefined) throw new RangeError("the bank is empty");
  return first;
}

/** So many phrases that come nearest to a plan, the nearest first. */
export const nearestPhrases = (bank: Bank, plan: PhrasePlan, most: number): readonly BankPhrase[] =>
  bank.phrases.toSorted((a, b) => distance(a, plan) - distance(b, plan)).slice(0, most);

/**
 * The take of a phrase in a plan's key, mode, stems and length: transposed by less than a fifth either
 * way, on the same scale degrees, the bass within its range, repeated or cut.
 */
export function fitPhrase(phrase: BankPhrase, plan: PhrasePlan): PhraseTake {
  const key: Key = plan.bars[0]?.key ?? { tonic: 0, mode: phrase.mode };
  const barTicks = ticksPerBar(plan.bars[0]?.meter ?? "4/4");
  const length = phrase.bars * ticksPerBar(phrase.meter);
  const end = plan.bars.length * barTicks;
  const transposed = (pitch: number): number =>
    60 +
    changeMode(pitch - 60, phrase.mode, key.mode) +
    (key.tonic > 6 ? key.tonic - 12 : key.tonic);
  const pitchIn = (stem: Stem, pitch: number): number => {
    if (stem === "drums") return pitch;
    return stem === "bass" ? inBassRange(transposed(pitch)) : transposed(pitch);
  };
  const notes = (stem: Stem): readonly Note[] => {
    const once = unpack(phrase.notes[stem]);
    const rounds = Math.ceil(end / length);
    return Array.from({ length: rounds }, (_, round) =>
      once.map((note): Note => ({
        ...note,
        at: ticks(note.at + round * length),
        pitch: midiPitch(pitchIn(stem, note.pitch)),
      })),
    )
      .flat()
      .filter(({ at }) => at < end)
      .map((note) => ({ ...note, duration: ticks(Math.min(note.duration, end - note.at)) }));
  };
  return {
    source: "bank",
    bars: plan.bars.map((bar, index) => ({
      ...bar,
      chords: chordsOf(phrase, index % phrase.bars, key.mode),
    })),
    notes: perStem((stem) =>
      plan.stems.includes(stem)
        ? notes(stem).filter(({ at }) => plan.bars[Math.floor(at / barTicks)]?.density[stem] !== 0)
        : [],
    ),
  };
}

/** The chords of a bar, carried to another mode: a diatonic triad becomes that of its degree. */
function chordsOf(
  phrase: BankPhrase,
  bar: number,
  mode: Mode,
): readonly [Chord | undefined, Chord | undefined] {
  const chord = (half: number): Chord | undefined => {
    const id = phrase.chords[2 * bar + half];
    const quality = CHORD_QUALITIES[(id ?? NO_CHORD) % CHORD_QUALITIES.length];
    if (id === undefined || id === NO_CHORD || quality === undefined) return undefined;
    const root = Math.floor(id / CHORD_QUALITIES.length);
    const degree = scaleOf(phrase.mode).indexOf(root);
    if (degree >= 0 && diatonicTriad(phrase.mode, degree).quality === quality) {
      return diatonicTriad(mode, degree);
    }
    return { root: changeMode(root, phrase.mode, mode) % 12, quality };
  };
  return [chord(0), chord(1)];
}

function unpack(numbers: readonly number[]): readonly Note[] {
  return Array.from({ length: numbers.length / 4 }, (_, index) => {
    const [at = 0, duration = 1, pitch = 60, loudness = 64] = numbers.slice(
      4 * index,
      4 * index + 4,
    );
    return {
      at: ticks(at),
      duration: ticks(duration),
      pitch: midiPitch(pitch),
      velocity: velocity(loudness),
    };
  });
}
