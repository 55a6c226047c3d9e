import { readAuthoredFiles } from "./authored-files.ts";
import type { Conductor } from "./conductor/conductor.ts";
import type { Reporter } from "./reporter.ts";
import type { Score } from "./score/score.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import { readThemes, type FileReader } from "./themes.ts";

export interface ScoreFileUsers {
  readonly conductor: Conductor;
  readonly reporter: Reporter;
  /** Decodes audio. */
  readonly context: BaseAudioContext;
}

/**
 * Has the files that a score names read in the background, and gives the conductor what they hold. The
 * first is asked for once whoever makes the soundtrack has it: they may want its context, and to listen.
 */
export function readScoreFiles(
  score: Score,
  readFile: FileReader | undefined,
  { conductor, reporter, context }: ScoreFileUsers,
): void {
  const fault = (code: FaultCode, message: string): void => reporter.fault(code, message);
  setTimeout(() => {
    void readThemes(score, readFile, {
      read: (name, theme) => conductor.addTheme(name, theme),
      remark: (name, message) => reporter.warn("theme", `${name} ${message}`, message),
      fault,
    });
    void readAuthoredFiles(score, context, readFile, {
      decoded: (name, pcm) => conductor.addTake(name, pcm),
      fault,
    });
  });
}
