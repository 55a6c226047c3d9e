import { PALETTE_NAMES } from "./renderer-worker/palettes.ts";
import { formatIssue, type ScoreIssue } from "./score/issue.ts";
import type { Score } from "./score/score.ts";

/** A mistake in a score; `message` lists all of them, a line each. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
}

export interface GivenScore {
  readonly score: Score;
  readonly warnings: readonly ScoreIssue[];
}

/** A game that brings its score checked never loads the parser. */
export async function scoreFrom(given: string | Score): Promise<GivenScore> {
  if (typeof given !== "string") return { score: given, warnings: [] };
  const { parseScore } = await import("./score/parse-score.ts");
  const parsed = parseScore(given, { palettes: PALETTE_NAMES });
  if (parsed.ok) return parsed;
  throw new ScoreError(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
}
