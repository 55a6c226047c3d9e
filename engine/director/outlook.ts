import type { Rule, Score } from "../score/score.ts";
import { readSignal } from "../signals/signals.ts";
import { seconds, unitInterval, type Seconds, type UnitInterval } from "../time/units.ts";
import { ELSEWHERE, nearness, type Foresight } from "./nearness.ts";
import { paletteOf } from "./places.ts";
import { moodOfPlace, winningHold } from "./rules.ts";
import type { DirectorState, Hold, Target } from "./state.ts";

/** Where the music may go next, and how likely that is. */
export interface Likely extends Target {
  /** 1: it is asked for. */
  readonly weight: UnitInterval;
}

/** What beside the director's state says where the music goes. */
export interface Omens {
  /** How far the value that the game gives a signal is expected to move by itself, in the signal's own unit. */
  readonly trendOf: (signal: string) => number;
  /** What the game expects, 0–1 by the name of a mood or a location. */
  readonly expected: ReadonlyMap<string, number>;
}

/** How far one looks ahead: what a take of a mood takes to be written and rendered on a slow device. */
const AHEAD: Seconds = seconds(4);
/** Games set signals from one moment to the next: no rule that may begin is less likely than this. */
const LEAST = 0.1;
/** Nothing is certain until it is asked for. */
const MOST = 0.95;
/** For what has to wait for the end of a dwell or a cooldown that lasts longer than one looks ahead. */
const BARRED = 0.25;
/** A hold without an end. */
const ENDLESS = 0.3;
/** Seconds beyond those that one looks ahead after which the end of a hold counts for e^-1. */
const PATIENCE = 8;

/**
 * Where the music may go from here, the likeliest first, of equals in this order: what is asked for, the moods
 * of the rules, the place's own mood, the other places, what else the game expects. What sounds alike counts
 * once; what `sounds` is left out. A rule counts by how near its condition is, as far as those before it may end.
 */
export function outlook(
  score: Score,
  state: DirectorState,
  sounds: { readonly mood: string; readonly palette: string },
  omens: Omens,
  at: Seconds,
): readonly Likely[] {
  const likely = new Map<string, Likely>();
  const own = `${sounds.mood}@${sounds.palette}`;
  for (const target of candidates(score, state, omens, at)) {
    const name = `${target.mood}@${paletteOf(score, target.location)}`;
    const known = likely.get(name);
    if (name === own || (known !== undefined && known.weight >= target.weight)) continue;
    likely.set(name, target);
  }
  return [...likely.values()].toSorted((a, b) => b.weight - a.weight);
}

function* candidates(
  score: Score,
  state: DirectorState,
  omens: Omens,
  at: Seconds,
): Generator<Likely> {
  const { location, pending } = state;
  const foresight = foresightOf(state, omens, at);
  const hinted = (mood: string, weight: number): UnitInterval =>
    uncertain(Math.max(weight, omens.expected.get(mood) ?? 0));
  if (pending !== undefined) yield { ...pending.target, weight: unitInterval(1) };
  const hold = winningHold(state.holds);
  const yields = hold === undefined ? 1 : endOf(hold, at);
  // How likely it is that nothing that comes before has its way.
  let free = 1;
  for (const index of byPriority(score.rules)) {
    const rule = score.rules[index];
    const { holds = false, freeFrom = at } = state.rules[index] ?? {};
    if (rule === undefined) continue;
    const isUnderHold = hold !== undefined && hold.priority >= rule.priority;
    const isBarred = freeFrom > at + AHEAD;
    const begins = holds
      ? 1
      : Math.max(LEAST, nearness(rule.when, foresight)) * (isBarred ? BARRED : 1);
    const weight = begins * free * (isUnderHold ? yields : 1);
    yield { mood: rule.mood, location, weight: hinted(rule.mood, weight) };
    if (holds) free *= nearness(rule.until, foresight) * (isBarred ? BARRED : 1);
  }
  free *= yields;
  const here = moodOfPlace(score, location);
  yield { mood: here, location, weight: hinted(here, free) };
  for (const { name } of score.locations) {
    const mood = moodOfPlace(score, name);
    const near = Math.max(foresight.nearTo(name), omens.expected.get(name) ?? 0);
    yield { mood, location: name, weight: uncertain(near * Math.max(LEAST, free)) };
  }
  for (const { name: mood } of score.moods) {
    const weight = omens.expected.get(mood);
    if (weight !== undefined) yield { mood, location, weight: uncertain(weight) };
  }
}

const uncertain = (weight: number): UnitInterval => unitInterval(Math.min(MOST, weight));

/** Smoothed values as they will be if nothing is set, and what their trend adds. */
function foresightOf(
  { signals, location, weights }: DirectorState,
  { trendOf }: Omens,
  at: Seconds,
): Foresight {
  const values = new Map<string, number>();
  return {
    location,
    signal: (name) => {
      const known =
        values.get(name) ?? readSignal(signals, name, seconds(at + AHEAD)) + trendOf(name);
      values.set(name, known);
      return known;
    },
    rangeOf: (name) => signals.get(name)?.spec.range ?? [0, 1],
    nearTo: (name) => Math.max(ELSEWHERE, name === location ? 0 : (weights[name] ?? 0)),
  };
}

/** How likely a hold is to end; one that has not begun ends as if it began now. */
function endOf({ since, lasts }: Hold, at: Seconds): number {
  if (lasts === undefined) return ENDLESS;
  const until = (since ?? at) + lasts;
  return Math.exp(-Math.max(0, until - at - AHEAD) / PATIENCE);
}

const orders = new WeakMap<readonly Rule[], readonly number[]>();

/** Indices of rules, the one that decides before the others first. */
function byPriority(rules: readonly Rule[]): readonly number[] {
  const known = orders.get(rules);
  if (known !== undefined) return known;
  const order = [...rules.keys()].sort(
    (a, b) => (rules[b]?.priority ?? 0) - (rules[a]?.priority ?? 0) || a - b,
  );
  orders.set(rules, order);
  return order;
}

/** What is prepared already stays unless another is so much likelier: preparing costs rendering. */
const STAYS = 0.1;

/** Of what is likely the `most` that are to be prepared, in order; `isPrepared` says what is. */
export const worthPreparing = (
  likely: readonly Likely[],
  isPrepared: (target: Target) => boolean,
  most: number,
): readonly Likely[] =>
  likely
    .map((target) => ({ target, rank: rankOf(target, isPrepared(target)) }))
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ target }) => target);

/** What is certain is prepared whatever else is. */
const rankOf = ({ weight }: Likely, isPrepared: boolean): number =>
  weight === 1 ? 2 : weight + (isPrepared ? STAYS : 0);
