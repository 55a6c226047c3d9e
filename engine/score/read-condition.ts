import type { Condition } from "./condition.ts";

export type ConditionReading =
  | { readonly ok: true; readonly condition: Condition }
  /** What stands where something else was expected. */
  | { readonly ok: false; readonly found: string; readonly expected: string };

/** Longer ones belong into several rules. It bounds the depth of what is read too. */
const LONGEST = 200;
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
