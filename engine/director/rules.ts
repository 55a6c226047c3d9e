import type { Condition, Location, Mood, Score, Transition } from "../score/score.ts";
import type { Target } from "./state.ts";

type Read = (signal: string) => number;

function holds({ signal, comparison, value }: Condition, read: Read): boolean {
  const found = read(signal);
  switch (comparison) {
    case "<":
      return found < value;
    case "<=":
      return found <= value;
    case ">":
      return found > value;
    case ">=":
      return found >= value;
  }
}

/** A rule begins to hold at `when` and goes on until `until`: the gap between them is its hysteresis. */
export const updateRules = (
  score: Score,
  holding: readonly boolean[],
  read: Read,
): readonly boolean[] =>
  score.rules.map((rule, index) =>
    holding[index] === true ? !holds(rule.until, read) : holds(rule.when, read),
  );

export const locationNamed = (score: Score, name: string | undefined): Location | undefined =>
  score.locations.find((location) => location.name === name);

/** The palette of a place, or the score's own. */
export const paletteOf = (score: Score, location: string | undefined): string =>
  locationNamed(score, location)?.palette ?? score.palette;

/** Throws `RangeError`: a checked score names no mood that it lacks. */
export function moodNamed(score: Score, name: string): Mood {
  const mood = score.moods.find((candidate) => candidate.name === name);
  if (mood === undefined) throw new RangeError(`the score has no mood "${name}"`);
  return mood;
}

/** The mood of a place where no rule holds: its own, or the score's first. */
const moodOfPlace = (score: Score, location: string | undefined): string =>
  locationNamed(score, location)?.mood ?? firstMood(score);

/** The first rule that holds decides the mood; where none does, the place does. */
export function desiredTarget(
  score: Score,
  holding: readonly boolean[],
  location: string | undefined,
): Target {
  const rule = score.rules.find((_, index) => holding[index]);
  return { mood: rule?.mood ?? moodOfPlace(score, location), location };
}

/** The first transition that fits, in the score's order. A checked score ends with `any` to `any`. */
export function matchTransition(
  score: Score,
  from: string,
  to: string,
): { transition: Transition; matched: number } {
  const fits = (pattern: string, name: string): boolean => pattern === "any" || pattern === name;
  const matched = score.transitions.findIndex((t) => fits(t.from, from) && fits(t.to, to));
  const transition = score.transitions[matched];
  if (transition === undefined) throw new RangeError(`no transition from "${from}" to "${to}"`);
  return { transition, matched };
}

/**
 * Where the music may go next, most likely first: what is asked for, the moods of the rules, the
 * place's own mood while a rule overrides it, then the other places. Targets that sound alike count
 * once, and the one that `sounds` is none.
 */
export function likelyTargets(
  score: Score,
  sounds: { readonly mood: string; readonly palette: string },
  location: string | undefined,
  asked: Target | undefined,
): readonly Target[] {
  const here = score.rules.map(({ mood }) => ({ mood, location }));
  const places = score.locations.map(({ name }) => name);
  const own = [location, ...places].map((place) => ({
    mood: moodOfPlace(score, place),
    location: place,
  }));
  const seen = new Set([`${sounds.mood}@${sounds.palette}`]);
  return [...(asked === undefined ? [] : [asked]), ...here, ...own].filter((target) => {
    const name = `${target.mood}@${paletteOf(score, target.location)}`;
    return !seen.has(name) && seen.add(name);
  });
}

function firstMood(score: Score): string {
  const [first] = score.moods;
  if (first === undefined) throw new RangeError("a score needs at least one mood");
  return first.name;
}
