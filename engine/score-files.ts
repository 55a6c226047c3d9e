import { decodeAudio } from "./audio/decode.ts";
import type { Conductor } from "./conductor/conductor.ts";
import { fetchFile, type FileReader } from "./file-reader.ts";
import type { GivenScore } from "./given-score.ts";
import type { Reporter } from "./reporter.ts";
import type { Score } from "./score/score.ts";
import type { FaultCode } from "./soundtrack-interface.ts";

export interface ScoreFileUsers {
  readonly conductor: Conductor;
  readonly reporter: Reporter;
  /** Decodes audio. */
  readonly context: BaseAudioContext;
}

/**
 * Gives the conductor the themes of a score, tells what is surely not meant in it, and has the files that it
 * names read in the background. The first is asked for once whoever makes the soundtrack has it: they may
 * want its context, and to listen.
 */
export function bringScore(
  given: GivenScore,
  readFile: FileReader | undefined,
  users: ScoreFileUsers,
): void {
  const { themes, warnings } = given;
  const { conductor, reporter } = users;
  for (const [name, theme] of themes) conductor.addTheme(name, theme);
  setTimeout(() => {
    for (const message of warnings) reporter.warn("score", message, message);
    readScoreFiles(given.score, readFile, users);
  });
}

/** What reads files is loaded only for a score that names some. */
function readScoreFiles(
  score: Score,
  readFile: FileReader | undefined,
  { conductor, reporter, context }: ScoreFileUsers,
): void {
  const fault = (code: FaultCode, message: string): void => reporter.fault(code, message);
  if (score.themes.some(({ kind }) => kind === "midi")) {
    import("./themes.ts").then(
      ({ readThemes }) =>
        readThemes(score, readFile, {
          read: (name, theme) => conductor.addTheme(name, theme),
          remark: (name, message) => reporter.warn("theme", `${name} ${message}`, message),
          fault,
        }),
      (error: unknown) => fault("theme-unavailable", `no theme can be read: ${String(error)}`),
    );
  }
  if (score.takes.length > 0) {
    import("./authored-files.ts").then(
      ({ readAuthoredFiles }) =>
        readAuthoredFiles(score, {
          read: readFile ?? fetchFile,
          decode: (bytes, most) => decodeAudio(context, bytes, most),
          sampleRate: context.sampleRate,
          decoded: (name, pcm) => conductor.addTake(name, pcm),
          fault,
        }),
      (error: unknown) => {
        for (const { name } of score.takes) conductor.addTake(name, undefined);
        fault("take-unavailable", `no take can be read: ${String(error)}`);
      },
    );
  }
}
