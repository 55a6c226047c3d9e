import type { PhrasePlan } from "../composer/phrase-plan.ts";
import { STEMS, type Stem } from "../music/stem.ts";
import type { AuthoredTakes, Place } from "./authored-takes.ts";
import type { LoadedTake } from "./cut-take.ts";

/**
 * Which stems a bridge has, and which of them play takes: those that it names and those of its takes, but
 * those of the mood that is left where none of its takes can be played.
 */
export function partsOf(
  place: Place,
  takes: AuthoredTakes,
): { readonly stems: readonly Stem[]; readonly authored: readonly Stem[] } {
  const { mood, bridge } = place;
  const authored = [...takes.playing(place).keys()];
  const own = STEMS.filter((stem) => mood.stems[stem] !== undefined);
  const hasTakes = Object.keys(bridge?.parts?.takes ?? {}).length > 0;
  const isGenerated = hasTakes && authored.length === 0;
  const named = isGenerated ? own : (bridge?.parts?.stems ?? own);
  const stems = STEMS.filter((stem) => named.includes(stem) || authored.includes(stem));
  return { stems, authored };
}

/**
 * The takes that a phrase plays; a bridge those with which it was planned, as its stems hang on them, and
 * until its end.
 */
export function playedIn(
  place: Place,
  { authored = [] }: PhrasePlan,
  takes: AuthoredTakes,
): ReadonlyMap<Stem, LoadedTake> {
  const playing = takes.playing(place);
  if (place.bridge === undefined) return playing;
  const { bars: until } = place.bridge;
  return new Map(
    [...playing]
      .filter(([stem]) => authored.includes(stem))
      .map(([stem, take]) => [stem, { ...take, until }]),
  );
}
