import type { Conductor } from "./conductor/conductor.ts";
import type { FileReader } from "./file-reader.ts";
import type { GivenScore } from "./given-score.ts";
import type { Reporter } from "./reporter.ts";
import type { FaultCode } from "./soundtrack-interface.ts";

export interface ScoreFileUsers {
  readonly conductor: Conductor;
  readonly reporter: Reporter;
  /** Decodes audio. */
  readonly context: BaseAudioContext;
}

/**
 * Tells what is surely not meant in a score and gives the conductor its themes; the files that it names are
 * read in the background.
 */
export function bringScore(
  { score, themes, warnings }: GivenScore,
  readFile: FileReader | undefined,
  { conductor, reporter, context }: ScoreFileUsers,
): void {
  for (const [name, theme] of themes) conductor.addTheme(name, theme);
  // Whoever makes the soundtrack can listen only once it is made, and a file may be missing at once.
  const fault = (code: FaultCode, message: string): void => {
    setTimeout(() => reporter.fault(code, message));
  };
  for (const message of warnings) setTimeout(() => reporter.warn("score", message, message));
  // What reads files is loaded only for a score that names some.
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
        readAuthoredFiles(score, context, readFile, {
          decoded: (name, pcm) => conductor.addTake(name, pcm),
          fault,
        }),
      (error: unknown) => fault("take-unavailable", `no take can be read: ${String(error)}`),
    );
  }
}
