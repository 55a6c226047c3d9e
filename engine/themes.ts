import { fetchFile, type FileReader } from "./file-reader.ts";
import type { Score } from "./score/score.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import { carried } from "./theme/carry.ts";
import { importMidi } from "./theme/import-midi.ts";
import type { Theme } from "./theme/theme.ts";

export interface ThemeEvents {
  read(name: string, theme: Theme): void;
  /** What was decided for the composer. */
  remark(name: string, message: string): void;
  fault(code: FaultCode, message: string): void;
}

/**
 * Reads the MIDI files of a score's themes in the background. A mood whose theme cannot be had plays the
 * model's own tunes.
 */
export async function readThemes(
  { themes }: Score,
  readFile: FileReader | undefined,
  events: ThemeEvents,
): Promise<void> {
  const files = themes.filter((theme) => theme.kind === "midi");
  await Promise.all(
    files.map(async ({ name, file }) => {
      try {
        const bytes = await (readFile ?? fetchFile)(file);
        const reading = importMidi(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
        if (reading.ok) {
          events.read(name, carried({ ...reading.theme, name }));
          for (const note of reading.notes)
            events.remark(name, `theme "${name}", ${file}: ${note}`);
        } else events.fault("theme-unavailable", `theme "${name}", ${file}: ${reading.problem}`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        events.fault("theme-unavailable", `theme "${name}", ${file} cannot be read: ${reason}`);
      }
    }),
  );
}
