import type { Score } from "./score/score.ts";

/** A mistake in a score; `message` lists all of them, a line each. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
}

interface GivenScore {
  readonly score: Score;
  /** What is legal in the score but surely not meant. */
  readonly warnings: readonly string[];
}

/** A game that brings its score checked never loads the parser. */
export async function scoreFrom(given: string | Score): Promise<GivenScore> {
  if (typeof given !== "string") return { score: given, warnings: [] };
  const { readScoreText } = await import("./score-text.ts");
  const read = readScoreText(given);
  if (read.ok) return read;
  throw new ScoreError(read.mistakes);
}
