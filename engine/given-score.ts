import type { Score } from "./score/score.ts";
import type { Theme } from "./theme/theme.ts";

/** A mistake in a score; `message` lists all of them, a line each. */
export class ScoreError extends Error {
  override readonly name = "ScoreError";
}

export interface GivenScore {
  readonly score: Score;
  /** Those that it writes as notes. */
  readonly themes: ReadonlyMap<string, Theme>;
  /** What is legal in the score but surely not meant. */
  readonly warnings: readonly string[];
}

/** A game that brings its score checked never loads the parser, and one without themes not what carries them. */
export async function scoreFrom(given: string | Score): Promise<GivenScore> {
  const { score, warnings } = await checked(given);
  if (score.themes.length === 0) return { score, warnings, themes: new Map() };
  const { themesIn } = await import("./theme/carry.ts");
  return { score, warnings, themes: themesIn(score.themes) };
}

async function checked(given: string | Score): Promise<Omit<GivenScore, "themes">> {
  if (typeof given !== "string") return { score: given, warnings: [] };
  const { readScoreText } = await import("./score-text.ts");
  const read = readScoreText(given);
  if (read.ok) return read;
  throw new ScoreError(read.mistakes);
}
