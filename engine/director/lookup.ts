import type { Location, Mood, Score, Stinger } from "../score/score.ts";

/** The parts of a score by their names. */
interface Lookup {
  readonly moods: ReadonlyMap<string, Mood>;
  readonly locations: ReadonlyMap<string, Location>;
  readonly stingers: ReadonlyMap<string, Stinger>;
}

const lookups = new WeakMap<Score, Lookup>();

/** Made once for each score, which is data that never changes: names are asked for many times at every control point. */
export function lookupOf(score: Score): Lookup {
  const known = lookups.get(score);
  if (known !== undefined) return known;
  const lookup: Lookup = {
    moods: byName(score.moods),
    locations: byName(score.locations),
    stingers: byName(score.stingers),
  };
  lookups.set(score, lookup);
  return lookup;
}

const byName = <Named extends { readonly name: string }>(
  all: readonly Named[],
): ReadonlyMap<string, Named> => new Map(all.map((each) => [each.name, each]));
