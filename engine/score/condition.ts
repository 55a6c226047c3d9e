/** What a rule asks of signals and of the place: data, never code. */
export type Condition =
  | {
      readonly kind: "signal";
      readonly signal: string;
      readonly comparison: Comparison;
      readonly value: number;
    }
  | { readonly kind: "location"; readonly location: string }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] };

type Comparison = "<" | "<=" | ">" | ">=";

/** What a condition is asked about. */
export interface Facts {
  readonly signal: (name: string) => number;
  readonly location: string | undefined;
}

export type ConditionReading =
  | { readonly ok: true; readonly condition: Condition }
  /** What stands where something else was expected. */
  | { readonly ok: false; readonly found: string; readonly expected: string };

/** Longer ones belong into several rules. It bounds the depth of what is read too. */
const LONGEST = 200;
const OPPOSITES = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" } as const;
const TOKEN = /\s*(<=|>=|[<>()]|[+-]?\d+(?:\.\d+)?|\p{L}[\p{L}\p{N}_.-]*|\S)/uy;
const NAME = /^\p{L}/u;
const NUMBER = /^[+-]?\d/;
const WORDS: ReadonlySet<string> = new Set(["and", "or", "not", "is"]);

/**
 * Reads `intensity > 0.7 and not (health > 20 or location is cave)`; `not` binds before `and`, `and`
 * before `or`.
 *
 *     condition = all { "or" all }            all  = one { "and" one }
 *     one       = "not" one | "(" condition ")" | name comparison number | "location" "is" [ "not" ] name
 */
export function readCondition(text: string): ConditionReading {
  if (text.length > LONGEST) {
    return { ok: false, found: "more text", expected: `at most ${LONGEST} characters` };
  }
  const tokens = Array.from(text.matchAll(new RegExp(TOKEN, "gu")), ([, token = ""]) => token);
  try {
    const reader = new Reader(tokens);
    const condition = reader.condition();
    reader.end();
    return { ok: true, condition };
  } catch (error) {
    if (error instanceof Unexpected) return { ok: false, ...error.what };
    throw error;
  }
}

/** Stays inside this file: `readCondition` answers with what it says. */
class Unexpected extends Error {
  readonly what: { readonly found: string; readonly expected: string };
  constructor(found: string | undefined, expected: string) {
    super(expected);
    this.what = { found: found === undefined ? "the end" : JSON.stringify(found), expected };
  }
}

class Reader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  condition(): Condition {
    return this.#row("any", "or", () => this.#row("all", "and", () => this.#one()));
  }

  end(): void {
    const found = this.#tokens[this.#next];
    if (found !== undefined) throw new Unexpected(found, '"and", "or" or the end');
  }

  #row(kind: "all" | "any", word: string, part: () => Condition): Condition {
    const parts = [part()];
    while (this.#take(word)) parts.push(part());
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : { kind, of: parts };
  }

  #one(): Condition {
    if (this.#take("not")) return { kind: "not", of: this.#one() };
    if (this.#take("(")) {
      const inside = this.condition();
      if (!this.#take(")")) throw new Unexpected(this.#tokens[this.#next], '")"');
      return inside;
    }
    const name = this.#name('a signal, "location", "not" or "("');
    if (name === "location") return this.#place();
    const comparison = COMPARISONS.find((known) => this.#take(known));
    if (comparison === undefined) {
      throw new Unexpected(
        this.#tokens[this.#next],
        `<, <=, > or >= after ${JSON.stringify(name)}`,
      );
    }
    const digits = this.#tokens[this.#next];
    if (digits === undefined || !NUMBER.test(digits)) throw new Unexpected(digits, "a number");
    this.#next += 1;
    return { kind: "signal", signal: name, comparison, value: Number(digits) + 0 };
  }

  #place(): Condition {
    if (!this.#take("is")) throw new Unexpected(this.#tokens[this.#next], '"is" after "location"');
    const negated = this.#take("not");
    const place: Condition = { kind: "location", location: this.#name("the name of a location") };
    return negated ? { kind: "not", of: place } : place;
  }

  #name(expected: string): string {
    const found = this.#tokens[this.#next];
    if (found === undefined || !NAME.test(found) || WORDS.has(found)) {
      throw new Unexpected(found, expected);
    }
    this.#next += 1;
    return found;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }
}

const COMPARISONS = ["<=", ">=", "<", ">"] as const;

/** Whether a condition is true of some facts. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case "signal":
      return compare(facts.signal(condition.signal), condition.comparison, condition.value);
    case "location":
      return facts.location === condition.location;
    case "not":
      return !holds(condition.of, facts);
    case "all":
      return condition.of.every((part) => holds(part, facts));
    case "any":
      return condition.of.some((part) => holds(part, facts));
  }
}

function compare(found: number, comparison: Comparison, value: number): boolean {
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

/** The condition as it may be written, each part with what was found: `intensity > 0.7 (0.31: no)`. */
export function formatCondition(condition: Condition, facts: Facts): string {
  const answer = holds(condition, facts) ? "yes" : "no";
  switch (condition.kind) {
    case "signal": {
      const found = Number(facts.signal(condition.signal).toPrecision(3));
      return `${condition.signal} ${condition.comparison} ${condition.value} (${found}: ${answer})`;
    }
    case "location":
      return `location is ${condition.location} (${facts.location ?? "nowhere"}: ${answer})`;
    case "not":
      return `not ${grouped(condition.of, facts)}`;
    case "all":
      return condition.of.map((part) => grouped(part, facts)).join(" and ");
    case "any":
      return condition.of.map((part) => grouped(part, facts)).join(" or ");
  }
}

function grouped(condition: Condition, facts: Facts): string {
  const text = formatCondition(condition, facts);
  return condition.kind === "all" || condition.kind === "any" ? `(${text})` : text;
}

/** True exactly where the condition is false. */
export const opposite = (condition: Condition): Condition =>
  condition.kind === "signal"
    ? { ...condition, comparison: OPPOSITES[condition.comparison] }
    : condition.kind === "not"
      ? condition.of
      : { kind: "not", of: condition };

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
