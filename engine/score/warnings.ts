import { beatsPerBar, ticksPerBar } from "../time/meter.ts";
import { secondsOf } from "../time/section.ts";
import type { AuthoredScore } from "./authored.ts";
import { canMeet, opposite, partsOf, touching } from "./condition-logic.ts";
import type { Condition } from "./condition.ts";
import type { Problem } from "./issue.ts";
import { findIdle } from "./idle-warnings.ts";
import type { Length, Mood, Rule, Score } from "./score.ts";
import { unplayedPalettes } from "./palette-warnings.ts";
import { unplayedTakes } from "./take-warnings.ts";

/** What is legal in a score but surely not meant. The score must have passed all checks. */
export function findWarnings(authored: AuthoredScore, score: Score): readonly Problem[] {
  return [
    ...forgottenMoods(score),
    ...shadowedTransitions(authored, score),
    ...missingMarkers(score),
    ...deadRules(score),
    ...endlessRules(authored, score),
    ...shadowedRules(score),
    ...flickeringRules(score),
    ...longDwells(score),
    ...unplayedTakes(score),
    ...unplayedPalettes(score),
    ...findIdle(authored, score),
  ];
}

function* forgottenMoods(score: Score): Generator<Problem> {
  const [first] = score.moods;
  const ofPlaces = score.locations.map(({ mood }) => mood ?? first?.name);
  const living = score.rules.filter((rule) => !isDead(rule, score));
  const asked = new Set([
    ...living.map(({ mood }) => mood),
    ...(ofPlaces.length > 0 ? ofPlaces : [first?.name]),
    ...score.moods.flatMap(({ ancestors }) => ancestors),
  ]);
  for (const { name } of score.moods) {
    if (asked.has(name)) continue;
    yield {
      path: ["moods", name],
      at: "key",
      found: "a mood that nothing asks for",
      expected:
        "a rule or a location that names it, a mood that inherits from it, or a game that holds it",
    };
  }
}

/** Transitions that are never the first to fit, whichever moods follow each other, and bridges that lead nowhere. */
function* shadowedTransitions(authored: AuthoredScore, score: Score): Generator<Problem> {
  const fits = (patterns: readonly string[]): readonly boolean[] => {
    const named = new Set(patterns);
    return score.moods.map(
      ({ name, ancestors }) =>
        named.has("any") || named.has(name) || ancestors.some((ancestor) => named.has(ancestor)),
    );
  };
  const sides = score.transitions.map(({ from, to }) => ({ from: fits(from), to: fits(to) }));
  const used = new Set<number>();
  const leading = new Set<number>();
  for (const from of score.moods.keys()) {
    for (const to of score.moods.keys()) {
      const first = sides.findIndex((side) => side.from[from] === true && side.to[to] === true);
      used.add(first);
      if (from !== to) leading.add(first);
    }
  }
  for (const index of (authored.transitions ?? []).keys()) {
    if (used.has(index)) {
      if (leading.has(index) || score.transitions[index]?.bridge === undefined) continue;
      yield {
        path: ["transitions", index, "bridge"],
        found: "a bridge from a mood to itself, which is never crossed",
        expected: "another mood to which it leads",
      };
      continue;
    }
    yield {
      path: ["transitions", index],
      found: "a transition that never comes first",
      expected: "the special ones before the general ones",
    };
  }
}

/** Transitions that wait for a marker in moods without it: their phrases are taken. */
function* missingMarkers(score: Score): Generator<Problem> {
  for (const [index, { from, at }] of score.transitions.entries()) {
    if (!at.startsWith("marker") || from.includes("any")) continue;
    const marker = at.slice("marker ".length);
    const named = new Set(from);
    const has = (mood: Mood): boolean =>
      mood.markers.some(({ name }) => marker === "" || name === marker);
    const left = score.moods.filter(({ name, ancestors }) =>
      [name, ...ancestors].some((mood) => named.has(mood)),
    );
    if (left.some(has)) continue;
    yield {
      path: ["transitions", index, "at"],
      found: "a marker that no mood has from which it goes",
      expected: "a marker of one of them: without it the change waits for the phrase",
    };
  }
}

const rangeIn =
  ({ signals }: Score) =>
  (name: string): readonly [number, number] | undefined =>
    signals[name]?.range;

/** Whether no value of any signal in any place makes a rule hold. */
const isDead = ({ when }: Rule, score: Score): boolean => canMeet([when], rangeIn(score)) === false;

function* deadRules(score: Score): Generator<Problem> {
  for (const [index, rule] of score.rules.entries()) {
    if (!isDead(rule, score)) continue;
    yield {
      path: ["rules", index, "when"],
      found: "a condition that is never true",
      expected: "one that some values of its signals and some place meet",
    };
  }
}

/** Whether no value of any signal in any place ends a rule once it holds. */
const isEndless = ({ until }: Rule, score: Score): boolean =>
  canMeet([until], rangeIn(score)) === false;

function* endlessRules(authored: AuthoredScore, score: Score): Generator<Problem> {
  for (const [index, rule] of score.rules.entries()) {
    if (isDead(rule, score) || !isEndless(rule, score)) continue;
    const isWritten = authored.rules?.[index]?.until !== undefined;
    yield {
      path: ["rules", index, isWritten ? "until" : "when"],
      found: isWritten ? "an end that never comes" : "a condition that is always true",
      expected: "one that some values of its signals and some place meet, and others do not",
    };
  }
}

/** Every pair of rules is compared: of more than these only the first are. */
const MOST_RULES = 64;

/** Rules that are overruled for as long as they hold. */
function* shadowedRules(score: Score): Generator<Problem> {
  const rangeOf = rangeIn(score);
  const within = (inner: Condition, outer: Condition): boolean =>
    canMeet([inner, opposite(outer)], rangeOf) === false;
  const rules = score.rules.slice(0, MOST_RULES);
  for (const [index, rule] of rules.entries()) {
    if (isDead(rule, score)) continue;
    const by = rules.findIndex(
      (other, place) =>
        (other.priority > rule.priority || (other.priority === rule.priority && place < index)) &&
        other.cooldown === 0 &&
        within(rule.when, other.when) &&
        within(opposite(rule.until), opposite(other.until)) &&
        noLonger(rule, other),
    );
    if (by === -1) continue;
    yield {
      path: ["rules", index],
      found: `a rule that rules[${by}] overrules whenever it holds`,
      expected: "another condition, or a higher priority",
    };
  }
}

/** Whether one rule dwells no longer than another: lengths of different units are not compared. */
const noLonger = ({ dwell: a }: Rule, { dwell: b }: Rule): boolean =>
  a.value === 0 || (a.unit === b.unit && a.value <= b.value);

/** Rules that hold nothing back and have no room between their thresholds: what trembles there flips them. */
function* flickeringRules(score: Score): Generator<Problem> {
  for (const [index, rule] of score.rules.entries()) {
    const { when, until, dwell, cooldown } = rule;
    const follows = [...partsOf(when)].some(({ kind }) => kind === "signal");
    if (!follows || dwell.value > 0 || cooldown > 0) continue;
    if (isDead(rule, score) || isEndless(rule, score)) continue;
    const neither = [opposite(touching(when)), opposite(touching(until))];
    if (canMeet(neither, rangeIn(score)) !== false) continue;
    yield {
      path: ["rules", index, "when"],
      found: "a rule that begins and ends at the same threshold, and may flicker",
      expected: "an until beyond the threshold, a for or a cooldown",
    };
  }
}

function* longDwells(score: Score): Generator<Problem> {
  const longest = (inMood: (mood: Mood) => number): number => Math.max(...score.moods.map(inMood));
  const most: Readonly<Record<Length["unit"], number>> = {
    bars: longest(({ phrase }) => phrase),
    beats: longest(({ phrase, meter }) => phrase * beatsPerBar(meter)),
    seconds: longest(({ phrase, meter, tempo }) => phrase * secondsOf(ticksPerBar(meter), tempo)),
  };
  for (const [index, { dwell }] of score.rules.entries()) {
    if (dwell.value <= most[dwell.unit]) continue;
    yield {
      path: ["rules", index, "for"],
      found: "a dwell longer than any phrase",
      expected: `at most ${most.bars} bars: the music cannot answer the game for so long`,
    };
  }
}
