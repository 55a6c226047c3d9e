import type { Score } from "./score/score.ts";
import type { FaultCode } from "./soundtrack-interface.ts";
import type { Theme } from "./theme/theme.ts";

/** Gives the bytes of a file that the score names, such as `hero.mid`. */
export type FileReader = (path: string) => Promise<ArrayBuffer | Uint8Array>;

export interface ThemeEvents {
  read(name: string, theme: Theme): void;
  /** What was decided for the composer. */
  remark(name: string, message: string): void;
  fault(code: FaultCode, message: string): void;
}

/** From beside the page. */
export const fetchFile: FileReader = async (path) => {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.arrayBuffer();
};

/**
 * Reads the MIDI files of a score's themes in the background. A mood whose theme cannot be had plays the
 * model's own tunes. The reader of MIDI is loaded only where a score has such a theme.
 */
export async function readThemes(
  { themes }: Score,
  readFile: FileReader | undefined,
  events: ThemeEvents,
): Promise<void> {
  const files = themes.filter((theme) => theme.kind === "midi");
  if (files.length === 0) return;
  const { importMidi } = await import("./theme/import-midi.ts");
  await Promise.all(
    files.map(async ({ name, file }) => {
      try {
        const bytes = await (readFile ?? fetchFile)(file);
        const reading = importMidi(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
        if (reading.ok) {
          events.read(name, { ...reading.theme, name });
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
