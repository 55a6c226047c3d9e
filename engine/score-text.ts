import { PALETTE_NAMES } from "./renderer-worker/palettes.ts";
import { formatIssue } from "./score/issue.ts";
import { parseScore } from "./score/parse-score.ts";
import type { Score } from "./score/score.ts";

/** A score that was read from text, with what is surely not meant in it; or all its mistakes, a line each. */
export type ReadScore =
  | { readonly ok: true; readonly score: Score; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: string };

/** Reads a score script. Apart from what plays it, so that a game with a checked score never loads it. */
export function readScoreText(text: string): ReadScore {
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  if (!parsed.ok) {
    const mistakes = parsed.issues.map((issue) => formatIssue(issue)).join("\n");
    return { ok: false, mistakes };
  }
  const warnings = parsed.warnings.map((issue) => formatIssue(issue, "score", "warning"));
  return { ok: true, score: parsed.score, warnings };
}
