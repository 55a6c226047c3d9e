import { hashText } from "../music/random.ts";
import { ticksPerBar } from "../time/meter.ts";
import { unitInterval, type UnitInterval } from "../time/units.ts";
import type { PhrasePlan } from "./phrase-plan.ts";
import type { PhraseTake } from "./take.ts";
import { isTooLike } from "./theme-lane.ts";

/** What has been heard of late, as fragments of melody without their key. Plain data: it can be saved as JSON. */
export interface Novelty {
  /** Phrases remembered so far. */
  readonly phrases: number;
  /** Hash of each fragment and the number of the phrase that last had it, the latest last. */
  readonly heard: readonly (readonly [hash: number, phrase: number])[];
}

/** Those of 34 phrases of eight bars or 73 of four: what is older counts little. */
const MOST_FRAGMENTS = 512;
/** After so many phrases a fragment is half forgotten: at 96 bpm about four minutes. */
const HALF_LIFE = 24;
/** Shorter fragments are everywhere: two notes are in every tune. */
const FEWEST_NOTES = 3;
/** A bar may come back by chance, two in a row hardly. */
const WEIGHT = { 1: 1, 2: 2 } as const;
/** A new phrase of which more than this is known is written again. */
const MOST_FAMILIAR = 0.5;

export const createNovelty = (): Novelty => ({ phrases: 0, heard: [] });

/** Adds a phrase. */
export function remember(memory: Novelty, take: PhraseTake): Novelty {
  const phrases = memory.phrases + 1;
  const heard = new Map(memory.heard);
  for (const { hash } of fragmentsOf(take)) {
    heard.delete(hash);
    heard.set(hash, phrases);
  }
  return { phrases, heard: [...heard].slice(-MOST_FRAGMENTS) };
}

/** The share of a phrase's melody that was heard before, fading with age; 0 for one without a melody. */
export function familiarity(memory: Novelty, take: PhraseTake): UnitInterval {
  const heard = new Map(memory.heard);
  let [known, all] = [0, 0];
  for (const { hash, bars } of fragmentsOf(take)) {
    const phrase = heard.get(hash);
    all += WEIGHT[bars];
    if (phrase !== undefined) {
      known += WEIGHT[bars] * 2 ** (-(memory.phrases - phrase) / HALF_LIFE);
    }
  }
  return unitInterval(all === 0 ? 0 : known / all);
}

/**
 * Whether a phrase is to be written again: one that should be new and is not, one that is more like its
 * theme than it may be, or a variation with the very melody of the phrase `before` it, as A A′ would be
 * heard as A A.
 */
export function isStale(
  memory: Novelty,
  plan: PhrasePlan,
  { take, before }: { readonly take: PhraseTake; readonly before: PhraseTake | undefined },
): boolean {
  const { origin } = plan;
  if (origin.kind === "theme") return isTooLike(take, plan);
  if (origin.kind === "fresh") return familiarity(memory, take) > MOST_FAMILIAR;
  return origin.kind === "variation" && origin.share.melody > 0 && hasMelodyOf(take, before);
}

/** Not so where there is none. */
function hasMelodyOf(take: PhraseTake, other: PhraseTake | undefined): boolean {
  const melody = ({ notes }: PhraseTake): string =>
    notes.melody.map(({ at, pitch }) => `${at}:${pitch}`).join(" ");
  return take.notes.melody.length > 0 && other !== undefined && melody(take) === melody(other);
}

interface Fragment {
  readonly hash: number;
  readonly bars: 1 | 2;
}

/** Every bar of the melody and every two bars in a row: where its notes begin, and its intervals. */
function fragmentsOf({ bars, notes }: PhraseTake): readonly Fragment[] {
  const barTicks = ticksPerBar(bars[0]?.meter ?? "4/4");
  const melody = notes.melody.toSorted((a, b) => a.at - b.at || a.pitch - b.pitch);
  const byBar = bars.map((_, bar) => melody.filter(({ at }) => Math.floor(at / barTicks) === bar));
  const fragment = (bar: number, length: 1 | 2): readonly Fragment[] => {
    const inside = byBar.slice(bar, bar + length).flat();
    const [first] = inside;
    if (first === undefined || inside.length < FEWEST_NOTES * length) return [];
    const words = inside.map(({ at, pitch }) => `${at - bar * barTicks}:${pitch - first.pitch}`);
    return [{ hash: hashText(`${length}|${words.join(" ")}`), bars: length }];
  };
  return byBar.flatMap((_, bar) => [
    ...fragment(bar, 1),
    ...(bar + 1 < byBar.length ? fragment(bar, 2) : []),
  ]);
}
