import { STEMS, type Stem } from "../music/stem.ts";
import type { Path, Problem } from "./issue.ts";
import type { Mood, Score, TakeSpec } from "./score.ts";
import { canFollow } from "./take-fit.ts";

/** Takes that a mood or a bridge names and never plays, or not as they are. */
export function* unplayedTakes(score: Score): Generator<Problem> {
  for (const mood of score.moods) {
    const path = ["moods", mood.name, "takes"];
    for (const [stem, take] of takesOf(score, mood.takes)) {
      if (mood.stems[stem] === undefined) {
        const expected = `${stem} among the mood's stems`;
        yield { path: [...path, stem], found: "a take for a stem that is not in play", expected };
      } else if (!canFollow(stem, take, mood)) {
        const found = `${at(take)} in a mood at ${mood.tempo} in ${mood.meter}`;
        const expected = "one of the mood's tempo and meter: the stem is generated in its place";
        yield { path: [...path, stem], found, expected };
      }
    }
  }
  yield* unplayedInBridges(score);
}

function* unplayedInBridges(score: Score): Generator<Problem> {
  for (const [index, { from, bridge }] of score.transitions.entries()) {
    const path: Path = ["transitions", index, "bridge", "takes"];
    const left = moodsIn(score, from);
    for (const [stem, take] of takesOf(score, bridge?.parts?.takes ?? {})) {
      if (!left.some((mood) => canFollow(stem, take, mood))) {
        const expected = "the tempo and meter of a mood that is left: the stem is generated";
        yield { path: [...path, stem], found: at(take), expected };
      } else if (take.bars !== bridge?.bars) {
        const found = `a take of ${take.bars} bars in a bridge of ${bridge?.bars}`;
        yield { path: [...path, stem], found, expected: "as many bars as the bridge has" };
      }
    }
  }
}

const at = ({ tempo, meter }: TakeSpec): string => `a take at ${tempo} in ${meter}`;

const takesOf = ({ takes }: Score, named: Mood["takes"]): readonly (readonly [Stem, TakeSpec])[] =>
  STEMS.flatMap((stem): (readonly [Stem, TakeSpec])[] => {
    const take = takes.find(({ name }) => name === named[stem]);
    return take === undefined ? [] : [[stem, take]];
  });

function moodsIn({ moods }: Score, patterns: readonly string[]): readonly Mood[] {
  const named = new Set(patterns);
  return moods.filter(
    ({ name, ancestors }) =>
      named.has("any") || [name, ...ancestors].some((mood) => named.has(mood)),
  );
}
