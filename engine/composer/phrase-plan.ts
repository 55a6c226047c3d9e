import type { BarPlan, Density, FormRole } from "../music/bar-plan.ts";
import { hashText, randomAt } from "../music/random.ts";
import { STEMS, perStem, type PerStem, type Stem } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import type { Meter } from "../time/meter.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";
import { progressionFor } from "./progression.ts";

/** What is to be written for one phrase, before any note exists. */
export interface PhrasePlan {
  /** Counts the phrases of a section from 0. */
  readonly index: number;
  readonly role: FormRole;
  readonly bars: readonly BarPlan[];
  readonly origin: Origin;
  /** The stems in play; the others are absent from the ensemble. */
  readonly stems: readonly Stem[];
  readonly seed: number;
}

/** Where a phrase's notes come from: repetition is planned here, not left to the model. */
type Origin =
  | { readonly kind: "fresh" }
  /** Keeps an earlier phrase of the section and writes this share of each stem's cells anew. */
  | { readonly kind: "variation"; readonly of: number; readonly share: PerStem<UnitInterval> };

export interface PhraseRequest {
  readonly mood: Mood;
  readonly meter: Meter;
  /** Bars in the phrase. */
  readonly length: number;
  /** How often the mood has begun before: another visit, another tune. */
  readonly visit: number;
  readonly index: number;
  readonly intensity: UnitInterval;
  readonly seed: number;
}

interface FormStep {
  readonly role: FormRole;
  readonly cadence: "close" | "open";
  /** Phrases back to the one that is varied. */
  readonly back?: number;
  /** The share of melody and counter that changes. */
  readonly change?: number;
}

/** A A′ B A, 16 bars at the usual four a phrase; the second A is nearly the first. */
const FORM: readonly FormStep[] = [
  { role: "A", cadence: "close" },
  { role: "A'", cadence: "close", back: 1, change: 0.3 },
  { role: "B", cadence: "open" },
  { role: "A", cadence: "close", back: 3, change: 0.1 },
];
/** Every later time round, A grows out of the A before. */
const NEXT_ROUND: FormStep = { role: "A", cadence: "close", back: 4, change: 0.5 };

function formStep(index: number): FormStep {
  const step = FORM[index % FORM.length];
  return step === undefined || (index > 0 && index % FORM.length === 0) ? NEXT_ROUND : step;
}

/** Pure: the same request gives the same plan. */
export function planPhrase(request: PhraseRequest): PhrasePlan {
  const { mood, meter, length, index } = request;
  const { role, cadence, back, change = 0 } = formStep(index);
  const seed = Math.floor(
    randomAt(request.seed, hashText(mood.name), request.visit, index) * 2 ** 31,
  );
  const stems = STEMS.filter((stem) => mood.stems[stem] !== undefined);
  const drive = unitInterval((mood.arousal + request.intensity) / 2);
  const chords = progressionFor(mood.key.mode, cadence, length, seed);
  const bars = chords.map((chord, bar): BarPlan => {
    const last = bar === length - 1;
    const intensity = unitInterval(drive + swell(role, bar, length));
    return {
      meter,
      tempo: mood.tempo,
      key: mood.key,
      chords: [chord, chord],
      role: last && role !== "A" ? "fill" : role,
      positionInPhrase: bar,
      intensity,
      valence: mood.valence,
      arousal: mood.arousal,
      style: mood.style,
      density: perStem((stem) => (stems.includes(stem) ? densityOf(stem, intensity, last) : 0)),
    };
  });
  const origin: Origin =
    back === undefined
      ? { kind: "fresh" }
      : { kind: "variation", of: index - back, share: perStem((stem) => share(stem, change)) };
  return { index, role, bars, origin, stems, seed };
}

/** A phrase breathes: A swells to its middle and rests, B rises towards what follows. */
function swell(role: FormRole, bar: number, length: number): number {
  const position = bar / Math.max(1, length - 1);
  return role === "B" ? 0.15 * (position - 0.5) : 0.1 * Math.sin(Math.PI * position) - 0.05;
}

/** How busy each stem is from the calmest to the most driven bar. */
const DENSITY: PerStem<readonly [number, number]> = {
  melody: [2, 3],
  counter: [1, 3],
  harmony: [1, 3],
  bass: [1, 4],
  drums: [1, 3], // at 4 toms and kick roll without pause
};

/** The melody breathes in the last bar of a phrase. */
function densityOf(stem: Stem, drive: UnitInterval, last: boolean): Density {
  const [low, high] = DENSITY[stem];
  const level = Math.round(low + (high - low) * drive) - (last && stem === "melody" ? 1 : 0);
  return level >= 4 ? 4 : level === 3 ? 3 : level === 2 ? 2 : 1;
}

/** Harmony and bass carry the chords: they change half as much as the tune. */
const share = (stem: Stem, change: number): UnitInterval =>
  unitInterval(stem === "harmony" || stem === "bass" ? change / 2 : change);
