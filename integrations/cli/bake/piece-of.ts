import type { Job } from "./job.ts";
import { readScore, scoreOf, type GivenScore } from "./given-score.ts";
import type { Piece } from "./performance.ts";
import { trackOf } from "./track.ts";

/** What a job is to play, and the score it is from. */
export interface PreparedJob {
  readonly given: GivenScore;
  readonly piece: Piece;
  readonly title: string;
  /** Whether it goes on from its end to its beginning. */
  readonly loops: boolean;
}

/** Reads what a job names. Throws `BakeError`. */
export async function prepareJob({ score, wish, seed }: Job): Promise<PreparedJob> {
  const given =
    score.kind === "file" ? await readScore(score.file) : await scoreOf(score.text, score.name);
  const title = given.score.title;
  const track = trackOf(given, { ...wish, seed });
  return { given, piece: track, title: `${title}: ${track.mood.name}`, loops: wish.loops };
}
