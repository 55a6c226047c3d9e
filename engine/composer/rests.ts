import { layerGain } from "../director/layers.ts";
import { pickAt, randomAt } from "../music/random.ts";
import type { Stem } from "../music/stem.ts";
import type { Mood } from "../score/score.ts";
import type { UnitInterval } from "../time/units.ts";

/** A stem that is silent for some bars of a phrase, so that its return is heard. */
export interface Rest {
  readonly stem: Stem;
  /** Bars of the phrase, from 0; `to` is the first in which it plays again. */
  readonly from: number;
  readonly to: number;
}

interface RestRequest {
  readonly mood: Mood;
  readonly index: number;
  readonly bars: number;
  readonly intensity: UnitInterval;
  /** Whether later phrases may vary this one: then its melody stays. */
  readonly lasting: boolean;
  /** Of the tune: the stems rest by turns. */
  readonly seed: number;
}

/** The share of phrases with a rest where the stem whose turn it is may rest, from the calmest to the most intense. */
const CALM = 0.6;
const INTENSE = 0.2;
/** A stem is heard from here on: what rests must leave others behind. */
const HEARD = 0.5;
const BY_TURNS: readonly Stem[] = ["counter", "drums", "harmony", "melody", "bass"];

/** The rest of a phrase: its first or second half or all of it; never in the first phrase of a tune. */
export function restOf({
  mood,
  index,
  bars,
  intensity,
  lasting,
  seed,
}: RestRequest): Rest | undefined {
  const chance = CALM + (INTENSE - CALM) * intensity;
  if (index === 0 || randomAt(seed, "rest", index) >= chance) return undefined;
  const heard = BY_TURNS.filter((stem) => {
    const level = mood.stems[stem];
    return level !== undefined && layerGain(level, intensity) >= HEARD;
  });
  const turn = Math.floor(randomAt(seed, "first rest") * BY_TURNS.length) + index;
  const stem = heard[turn % heard.length];
  if (stem === undefined || heard.length < 3) return undefined;
  if (stem === "melody" && (lasting || !heard.includes("bass"))) return undefined;
  if (stem === "bass" && !heard.includes("melody")) return undefined;
  return { stem, ...pickAt(spans(bars), seed, "rest bars", index) };
}

function spans(bars: number): readonly Omit<Rest, "stem">[] {
  const half = Math.ceil(bars / 2);
  return [
    { from: 0, to: half },
    { from: half, to: bars },
    { from: 0, to: bars },
  ];
}
