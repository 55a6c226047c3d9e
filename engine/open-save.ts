import { restoreDirector } from "./director/restore.ts";
import type { OpenedRecording, OpenedSave } from "./game-log.ts";
import { readRecording, readSaved } from "./saved-music-shape.ts";
import type { SavedMusic } from "./saved-music.ts";
import type { Score } from "./score/score.ts";
import { seconds } from "./time/units.ts";

/** Throws `SaveError`, of one line, for what is no save of this format. */
export const openSave = (score: Score, data: unknown): OpenedSave => opened(score, readSaved(data));

/** Throws `SaveError`, of one line, for what is no recording of this format. */
export function openRecording(score: Score, data: unknown): OpenedRecording {
  const recording = readRecording(data);
  return { recording, from: recording.from === null ? undefined : opened(score, recording.from) };
}

const opened = (score: Score, music: SavedMusic): OpenedSave => ({
  music,
  state: restoreDirector(score, music.director, seconds(music.time)),
});
