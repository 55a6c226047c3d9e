/** One mistake in a score, where it stands and what would be right. */
export interface ScoreIssue {
  /** `moods.wander.valence`, `rules[0].when`; empty where the text as a whole is meant. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly found: string;
  readonly expected: string;
  /** The known name that is spelt most like the one found. */
  readonly nearest?: string;
}

/** A mistake before its place in the text is looked up. */
export interface Problem {
  readonly path: Path;
  /** Whether the key or its value is to blame. Default `value`. */
  readonly at?: "key" | "value";
  readonly found: string;
  readonly expected: string;
  readonly nearest?: string | undefined;
}

/** Keys of maps and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

/** `file:line:column path: found …, expected …; did you mean "…"?`, on one line; a warning says that it is one. */
export function formatIssue(
  issue: ScoreIssue,
  file = "score",
  severity: "mistake" | "warning" = "mistake",
): string {
  const kind = severity === "warning" ? "warning: " : "";
  const path = issue.path === "" ? "" : `${issue.path}: `;
  const where = `${file}:${issue.line}:${issue.column} ${kind}${path}`;
  const hint = issue.nearest === undefined ? "" : `; did you mean ${quote(issue.nearest)}?`;
  return `${where}found ${issue.found}, expected ${issue.expected}${hint}`;
}

/** `moods.wander.stems[2]`; keys that are no plain names are quoted: `moods["a b"]`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!/^[\p{L}\p{N}_-]{1,64}$/u.test(part)) text += `[${quote(part)}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

/** What stands in the score, in at most some 60 characters and safe to print on a terminal. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object") return typeof value;
  if (!Array.isArray(value)) return "a map";
  const items: readonly unknown[] = value;
  if (items.length > 4 || items.some((item) => typeof item === "object" && item !== null)) {
    return "a list";
  }
  return `[${items.map(describe).join(", ")}]`;
}

/** `one of a, b, c`; long lists are cut. */
export function oneOf(names: readonly string[]): string {
  if (names.length === 0) return "no name, for none is known";
  const shown = names.slice(0, 20).map((name) => clip(name, 64));
  return `one of ${shown.join(", ")}${names.length > shown.length ? ", …" : ""}`;
}

/** What a grammar expected, and what it met instead. */
export const expectedAt = ({ found, expected }: Pick<Problem, "found" | "expected">): string =>
  `${expected} where ${escaped(clip(found, 60))} stands`;

/** JSON's escapes, and those for the control and direction characters that JSON leaves alone. */
export const quote = (text: string): string => escaped(JSON.stringify(clip(text, 40)));

const escaped = (text: string): string =>
  text.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;
