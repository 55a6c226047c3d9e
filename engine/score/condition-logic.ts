import { holds, type Condition, type Facts } from "./condition.ts";

const OPPOSITES = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;

/** True exactly where the condition is false. */
export const opposite = (condition: Condition): Condition =>
  condition.kind === "signal"
    ? { ...condition, comparison: OPPOSITES[condition.comparison] }
    : condition.kind === "not"
      ? condition.of
      : { kind: "not", of: condition };

/** The same condition with its thresholds in it: room of no width between two conditions is none. */
export function touching(condition: Condition, isWithin = true): Condition {
  switch (condition.kind) {
    case "signal": {
      const side = condition.comparison.startsWith("<") ? "<" : ">";
      return { ...condition, comparison: isWithin ? `${side}=` : side };
    }
    case "location":
      return condition;
    case "not":
      return { kind: "not", of: touching(condition.of, !isWithin) };
    case "all":
    case "any":
      return { ...condition, of: condition.of.map((part) => touching(part, isWithin)) };
  }
}

/** The signals and locations that a condition names, in order. */
export function* partsOf(
  condition: Condition,
): Generator<Extract<Condition, { kind: "signal" | "location" }>> {
  switch (condition.kind) {
    case "signal":
    case "location":
      yield condition;
      break;
    case "not":
      yield* partsOf(condition.of);
      break;
    case "all":
    case "any":
      for (const part of condition.of) yield* partsOf(part);
      break;
  }
}

/** More combinations than this are not looked through. */
const MOST_COMBINATIONS = 2_000;

/**
 * Whether some facts make all the conditions true at once; undefined where too many combinations would
 * have to be tried. It tries every signal at, between and beyond the numbers it is compared with, and
 * every location that is named and none: nothing else can make a difference.
 */
export function canMeet(
  conditions: readonly Condition[],
  rangeOf: (signal: string) => readonly [number, number] | undefined,
): boolean | undefined {
  const parts = conditions.flatMap((condition) => [...partsOf(condition)]);
  const locations = [
    undefined,
    ...new Set(parts.flatMap((part) => (part.kind === "location" ? [part.location] : []))),
  ];
  const values = new Map<string, readonly number[]>();
  for (const part of parts) {
    if (part.kind !== "signal" || values.has(part.signal)) continue;
    const numbers = parts.flatMap((other) =>
      other.kind === "signal" && other.signal === part.signal ? [other.value] : [],
    );
    values.set(part.signal, candidates(numbers, rangeOf(part.signal)));
  }
  const names = [...values.keys()];
  const choices = names.map((name) => values.get(name) ?? []);
  const count = choices.reduce((product, list) => product * list.length, locations.length);
  if (count > MOST_COMBINATIONS) return undefined;
  for (let index = 0; index < count; index += 1) {
    let rest = index;
    const pick = <Item>(list: readonly Item[]): Item | undefined => {
      const item = list[rest % list.length];
      rest = Math.floor(rest / list.length);
      return item;
    };
    const location = pick(locations);
    const picked = new Map(names.map((name, at) => [name, pick(choices[at] ?? []) ?? 0]));
    const facts: Facts = { signal: (name) => picked.get(name) ?? 0, location };
    if (conditions.every((condition) => holds(condition, facts))) return true;
  }
  return false;
}

/** The numbers themselves, those half way between neighbours, and one beyond on either side, as far as the range goes. */
function candidates(
  numbers: readonly number[],
  range: readonly [number, number] | undefined,
): readonly number[] {
  const [low, high] = range ?? [-Infinity, Infinity];
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const between = sorted.flatMap((number, index) => {
    const after = sorted[index + 1];
    return after === undefined ? [number] : [number, (number + after) / 2];
  });
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const ends = [Math.max(low, least - 1), Math.min(high, most + 1)];
  return [...new Set([...between, ...ends])].filter((number) => number >= low && number <= high);
}
