import { STEMS } from "../music/stem.ts";
import type { Problem } from "./issue.ts";
import type { Score } from "./score.ts";
import { canFollow } from "./take-fit.ts";

/** Takes that a mood names and never plays. */
export function* unplayedTakes({ takes, moods }: Score): Generator<Problem> {
  for (const mood of moods) {
    for (const stem of STEMS) {
      const take = takes.find(({ name }) => name === mood.takes[stem]);
      if (take === undefined) continue;
      const path = ["moods", mood.name, "takes", stem];
      if (mood.stems[stem] === undefined) {
        const expected = `${stem} among the mood's stems`;
        yield { path, found: "a take for a stem that is not in play", expected };
      } else if (!canFollow(stem, take, mood)) {
        const found = `a take at ${take.tempo} in ${take.meter} in a mood at ${mood.tempo} in ${mood.meter}`;
        const expected = "one of the mood's tempo and meter: the stem is generated in its place";
        yield { path, found, expected };
      }
    }
  }
}
