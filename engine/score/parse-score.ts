import { complete } from "./complete.ts";
import { readDocument } from "./document.ts";
import type { ScoreIssue } from "./issue.ts";
import { checkRelations } from "./relations.ts";
import type { Score } from "./score.ts";
import { readShape } from "./shape.ts";
import { findWarnings } from "./warnings.ts";

export type ParsedScore =
  /** `warnings`: what is legal but surely not meant, in the order of the text. */
  | { readonly ok: true; readonly score: Score; readonly warnings: readonly ScoreIssue[] }
  /** In the order of the text, at least one. */
  | { readonly ok: false; readonly issues: readonly ScoreIssue[] };

export interface ParseScoreOptions {
  /** Palettes that a score may name; the first is that of a score that names none. */
  readonly palettes: readonly string[];
}

/** More issues than this help nobody. */
const MAX_ISSUES = 1000;

/**
 * Reads a score script, YAML or JSON, and fills in its defaults. Every mistake is reported at once,
 * unless the text is no YAML: then the mistakes of its syntax are. Takes bounded time and memory for
 * any text. Throws `RangeError` without a palette, never for what the text says.
 *
 * @example
 * const parsed = parseScore("attacca: 1\nmoods: { calm: }", { palettes: ["plucked"] });
 * if (!parsed.ok) for (const issue of parsed.issues) console.error(formatIssue(issue));
 */
export function parseScore(text: string, { palettes }: ParseScoreOptions): ParsedScore {
  const [defaultPalette] = palettes;
  if (defaultPalette === undefined) throw new RangeError("palettes must name at least one palette");
  const document = readDocument(text);
  if (document.broken) return { ok: false, issues: inOrder(document.problems) };
  const shape = readShape(document.data);
  const problems = [...shape.problems, ...checkRelations(document.data, palettes)];
  const issues = inOrder([...document.problems, ...problems.map(document.locate)]);
  if (shape.score === undefined || issues.length > 0) return { ok: false, issues };
  const score = complete(shape.score, defaultPalette);
  const warnings = findWarnings(shape.score, score).map(document.locate);
  return { ok: true, score, warnings: inOrder(warnings) };
}

function inOrder(issues: readonly ScoreIssue[]): readonly ScoreIssue[] {
  const sorted = issues.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const last = sorted[MAX_ISSUES];
  if (last === undefined) return sorted;
  const found = `${sorted.length - MAX_ISSUES} more mistakes`;
  return [...sorted.slice(0, MAX_ISSUES), { ...last, path: "", found, expected: "none" }];
}
