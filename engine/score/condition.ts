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
