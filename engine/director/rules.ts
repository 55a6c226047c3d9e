import { holds, type Facts } from "../score/condition.ts";
import type { Mood, Score, Transition } from "../score/score.ts";
import type { Section } from "../time/section.ts";
import { seconds, type Seconds } from "../time/units.ts";
import { lookupOf } from "./lookup.ts";
import { locationNamed } from "./places.ts";
import type { DirectorState, Hold, RuleState, Target } from "./state.ts";
import { lengthIn } from "./timing.ts";

/**
 * A rule begins to hold at `when` and goes on until `until`, the gap between them being its hysteresis;
 * it holds for its dwell at least, and stays away for its cooldown.
 */
export const updateRules = (
  score: Score,
  before: readonly RuleState[],
  facts: Facts,
  at: Seconds,
  grid: Section,
): readonly RuleState[] =>
  score.rules.map((rule, index) => {
    const state = before[index] ?? { holds: false, freeFrom: seconds(0) };
    if (at < state.freeFrom) return state;
    if (state.holds) {
      return holds(rule.until, facts)
        ? { holds: false, freeFrom: seconds(at + rule.cooldown) }
        : state;
    }
    return holds(rule.when, facts)
      ? { holds: true, freeFrom: seconds(at + lengthIn(grid, rule.dwell)) }
      : state;
  });

/** Throws `RangeError`: a checked score names no mood that it lacks. */
export function moodNamed(score: Score, name: string): Mood {
  const mood = lookupOf(score).moods.get(name);
  if (mood === undefined) throw new RangeError(`the score has no mood "${name}"`);
  return mood;
}

/** The mood of a place where no rule holds: its own, or the score's first. */
export const moodOfPlace = (score: Score, location: string | undefined): string =>
  locationNamed(score, location)?.mood ?? firstMood(score);

/**
 * The mood that the game holds, or that of the rule that decides, whichever has the higher priority (the
 * game of equals); where there is neither, the place decides.
 */
export function desiredTarget(
  score: Score,
  { rules, holds, location }: Pick<DirectorState, "rules" | "holds" | "location">,
): Target {
  const rule = score.rules[winningRule(score, rules)];
  const hold = winningHold(holds);
  const held = hold !== undefined && hold.priority >= (rule?.priority ?? -Infinity);
  return { mood: (held ? hold : rule)?.mood ?? moodOfPlace(score, location), location };
}

/** Of the highest priority the one that came last. */
export const winningHold = (holds: readonly Hold[]): Hold | undefined =>
  holds.reduce<Hold | undefined>(
    (best, hold) => (hold.priority >= (best?.priority ?? -Infinity) ? hold : best),
    undefined,
  );

/** Index of the rule that decides the mood, or -1. */
export function winningRule(score: Score, states: readonly RuleState[]): number {
  let best = -1;
  for (let index = 0; index < score.rules.length; index += 1) {
    if (states[index]?.holds !== true) continue;
    const priority = score.rules[index]?.priority ?? -Infinity;
    if (priority > (score.rules[best]?.priority ?? -Infinity)) best = index;
  }
  return best;
}

/** The first transition that fits, in the score's order. A checked score ends with `any` to `any`. */
export function matchTransition(
  score: Score,
  from: string,
  to: string,
): { transition: Transition; matched: number } {
  const matched = score.transitions.findIndex(
    (each) => meansMood(score, each.from, from) && meansMood(score, each.to, to),
  );
  const transition = score.transitions[matched];
  if (transition === undefined) throw new RangeError(`no transition from "${from}" to "${to}"`);
  return { transition, matched };
}

/** Whether one of the names in a transition stands for a mood: its own, an ancestor's, or `any`. */
export function meansMood(score: Score, names: readonly string[], mood: string): boolean {
  const { ancestors } = moodNamed(score, mood);
  return names.some((name) => name === "any" || name === mood || ancestors.includes(name));
}

function firstMood(score: Score): string {
  const [first] = score.moods;
  if (first === undefined) throw new RangeError("a score needs at least one mood");
  return first.name;
}
