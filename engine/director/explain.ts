import { formatCondition, type Facts } from "../score/condition.ts";
import type { Score } from "../score/score.ts";
import { readSignal } from "../signals/signals.ts";
import type { Seconds } from "../time/units.ts";
import { meansMood, winningHold, winningRule } from "./rules.ts";
import type { DirectorState } from "./state.ts";

/** Why a rule decides the mood, or does not. */
export interface RuleExplanation {
  /** Of the score's rules, from 0. */
  readonly index: number;
  readonly mood: string;
  readonly status: "decides" | "overruled" | "waits" | "cools-down";
  /** In words, with the values that its condition was asked about. */
  readonly why: string;
}

/** Why one of the score's transitions fits a change of mood, or does not. */
export interface TransitionExplanation {
  /** Of the score's transitions, from 0. */
  readonly index: number;
  /** The first that fits is the one that is taken. */
  readonly fits: boolean;
  readonly why: string;
}

/** What every rule makes of the present moment, in the score's order. Times are seconds since the music began. */
export function explainRules(
  score: Score,
  state: DirectorState,
  at: Seconds,
): readonly RuleExplanation[] {
  const facts: Facts = {
    signal: (name) => readSignal(state.signals, name, at),
    location: state.location,
  };
  const winner = winningRule(score, state.rules);
  const hold = winningHold(state.holds);
  const rank = score.rules[winner]?.priority ?? -Infinity;
  const held = hold !== undefined && hold.priority >= rank ? hold : undefined;
  return score.rules.map((rule, index): RuleExplanation => {
    const { holds, freeFrom } = state.rules[index] ?? { holds: false, freeFrom: at };
    const told = (status: RuleExplanation["status"], why: string): RuleExplanation => ({
      index,
      mood: rule.mood,
      status,
      why,
    });
    if (!holds) {
      return at < freeFrom
        ? told("cools-down", `it ended and stays away for another ${inSeconds(freeFrom - at)}`)
        : told("waits", `it waits for ${formatCondition(rule.when, facts)}`);
    }
    const until = `until ${formatCondition(rule.until, facts)}`;
    const lasting =
      at < freeFrom ? `for another ${inSeconds(freeFrom - at)} at least, then ${until}` : until;
    if (held !== undefined) {
      return told("overruled", `it holds ${lasting}, but the game holds ${held.mood}`);
    }
    return winner === index
      ? told("decides", `it holds ${lasting}`)
      : told("overruled", `it holds ${lasting}, but rules[${winner}] comes before it`);
  });
}

/** Rules of one kind that are named, and characters that are said of the one that decides. */
const MOST_NAMED = 8;
const MOST_SAID = 300;

/** Who decides the mood at a moment, and what becomes of every other rule, in one line of 700 characters at most. */
export function explainWish(score: Score, state: DirectorState, at: Seconds): string {
  const rules = explainRules(score, state, at);
  const decides = rules.find(({ status }) => status === "decides");
  const rest = (status: RuleExplanation["status"], verb: string): readonly string[] => {
    const names = rules.flatMap((each) => (each.status === status ? [`rules[${each.index}]`] : []));
    if (names.length === 0) return [];
    const more = names.length > MOST_NAMED ? [`${names.length - MOST_NAMED} more`] : [];
    return [`${verb}: ${[...names.slice(0, MOST_NAMED), ...more].join(", ")}`];
  };
  return [
    decides === undefined ? explainNoRule(state, rules) : explainRule(decides),
    ...rest("overruled", "overruled"),
    ...rest("cools-down", "cooling down"),
    ...rest("waits", "waiting"),
  ].join("; ");
}

function explainRule({ index, why }: RuleExplanation): string {
  const said = why.length > MOST_SAID ? `${why.slice(0, MOST_SAID)}…` : why;
  return `rules[${index}]: ${said}`;
}

function explainNoRule(
  { holds, location }: DirectorState,
  rules: readonly RuleExplanation[],
): string {
  const held = winningHold(holds);
  // A rule that is overruled beside no rule that decides is so by the game.
  if (held !== undefined) return `the game holds ${held.mood}`;
  const where = location === undefined ? "the score begins with it" : `it is that of ${location}`;
  return rules.length === 0 ? where : `no rule holds, and ${where}`;
}

/** What every transition of the score makes of a change from one mood to another, in order. */
export function explainTransitions(
  score: Score,
  from: string,
  to: string,
): readonly TransitionExplanation[] {
  let taken: number | undefined;
  return score.transitions.map((transition, index): TransitionExplanation => {
    const wrong = [
      ...(meansMood(score, transition.from, from)
        ? []
        : [`it leaves ${transition.from.join(", ")}`]),
      ...(meansMood(score, transition.to, to) ? [] : [`it goes to ${transition.to.join(", ")}`]),
    ];
    if (wrong.length > 0) return { index, fits: false, why: wrong.join(" and ") };
    const why =
      taken === undefined ? "it is the first that fits" : `transitions[${taken}] fits first`;
    taken ??= index;
    return { index, fits: true, why };
  });
}

const inSeconds = (time: number): string => `${time.toFixed(1)} s`;
