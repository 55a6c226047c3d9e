import { readFile } from "node:fs/promises";
import { openRecording } from "../../../engine/open-save.ts";
import type { Recording } from "../../../engine/recorder.ts";
import { takesOf } from "../../../engine/saved-music.ts";
import { seconds } from "../../../engine/time/units.ts";
import { BakeError, inOneLine } from "./bake-error.ts";
import type { GivenScore } from "./given-score.ts";
import type { Piece } from "./performance.ts";

/**
 * What a game did, played again: the same events at the same moments, and the notes that were heard. It is
 * played by the score that is given. Throws `BakeError` for a file that is no recording.
 */
export async function sessionPiece(
  { score, themes }: GivenScore,
  file: string,
): Promise<{ readonly piece: Piece; readonly recording: Recording }> {
  const { recording, from } = await readFile(file, "utf8")
    .then((text) => openRecording(score, JSON.parse(text)))
    .catch((error: unknown) => {
      throw new BakeError(inOneLine(error, file));
    });
  const startsAt = seconds(from?.music.time ?? 0);
  const piece: Piece = {
    score,
    themes,
    seed: recording.seed,
    events: recording.events.toSorted((a, b) => a.at - b.at),
    startsAt,
    end: seconds(recording.until),
    restore: (conductor) => {
      if (from !== undefined) {
        conductor.restore(from.state, startsAt);
        for (const tune of from.music.tunes) conductor.learn(tune.name, takesOf(tune), false);
        conductor.heard = from.music.heard;
      }
      for (const tune of recording.tunes) conductor.learn(tune.name, takesOf(tune), true);
    },
  };
  return { piece, recording };
}
