import { basename } from "node:path";
import { readScore, scoreOf, type GivenScore } from "./given-score.ts";
import type { Job } from "./job.ts";
import { stingerPiece, transitionPiece } from "./moments.ts";
import type { Piece, Players } from "./performance.ts";
import { sessionPiece } from "./session.ts";
import { readTaskFile, taskPiece } from "./tasks.ts";
import { trackOf } from "./track.ts";

/** What a job is to play, and the score it is from. */
export interface PreparedJob {
  readonly given: GivenScore;
  /** All that is outside the score and decides the notes. */
  readonly outside: unknown;
  /** Has written beforehand what the piece needs. Throws `BakeError`. */
  readonly compose: (staff: Players) => Promise<Piece>;
  readonly title: string;
  /** Whether it goes on from its end to its beginning. */
  readonly loops: boolean;
}

/** Reads what a job names. Throws `BakeError`. */
export async function prepareJob({ score, wish, seed }: Job): Promise<PreparedJob> {
  const given =
    score.kind === "file" ? await readScore(score.file) : await scoreOf(score.text, score.name);
  const prepared = (piece: Piece, what: string, loops = false): PreparedJob => ({
    given,
    outside: piece.events,
    compose: () => Promise.resolve(piece),
    title: `${given.score.title}: ${what}`,
    loops,
  });
  switch (wish.kind) {
    case "track": {
      const track = trackOf(given, { ...wish, seed });
      return prepared(track, track.mood.name, wish.loops);
    }
    case "transition": {
      const { from, to } = wish;
      return prepared(transitionPiece(given, wish, seed), `${from} to ${to}`);
    }
    case "stinger": {
      const { name, mood } = wish;
      return prepared(stingerPiece(given, wish, seed), `${name} in ${mood}`);
    }
    case "task": {
      const { theme, remarks } = await readTaskFile(wish.file);
      return {
        given: { ...given, remarks: [...given.remarks, ...remarks] },
        outside: theme,
        compose: (staff) => taskPiece(given, { ...wish, theme, seed }, staff),
        title: `${wish.task} ${basename(wish.file)}`,
        loops: false,
      };
    }
    case "session": {
      const { piece, recording } = await sessionPiece(given, wish.file);
      return { ...prepared(piece, "a session"), outside: recording };
    }
  }
}
