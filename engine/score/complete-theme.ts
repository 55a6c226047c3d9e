import type { Key } from "../music/key.ts";
import { inlineTheme } from "../theme/inline-theme.ts";
import { readNotes } from "../theme/read-notes.ts";
import type { Meter } from "../time/meter.ts";
import { unitInterval, type Bpm } from "../time/units.ts";
import type { AuthoredMoodTheme, AuthoredTheme } from "./authored.ts";
import { NONE } from "./inheritance.ts";
import type { MoodTheme, ThemeSpec } from "./score.ts";

/** What notes take from the score where they say nothing themselves. */
interface Common {
  readonly tempo: Bpm;
  readonly key: Key;
  readonly meter: Meter;
}

/** Notes become a theme here. Throws `RangeError` for a theme that `relations.ts` refuses. */
export function completeTheme(name: string, theme: AuthoredTheme, common: Common): ThemeSpec {
  if (theme.midi !== undefined) return { kind: "midi", name, file: theme.midi };
  const meter = theme.meter ?? common.meter;
  const reading = readNotes(theme.notes ?? "", meter);
  if (!reading.ok) throw new RangeError(`expected ${reading.expected}, got ${reading.found}`);
  const { notes, bars } = reading.value;
  const key = theme.key ?? common.key;
  return {
    kind: "notes",
    name,
    theme: inlineTheme(notes, { name, meter, tempo: common.tempo, key, bars }),
  };
}

/** A variation of the composer is recognised by three onsets in five. */
const LIKENESS = [unitInterval(0.6), unitInterval(1)] as const;

export const completeMoodTheme = (theme: AuthoredMoodTheme | undefined): MoodTheme | undefined =>
  theme === undefined || theme.name === NONE
    ? undefined
    : {
        name: theme.name,
        likeness: theme.likeness ?? LIKENESS,
        register: theme.register ?? 0,
        density: theme.density ?? "all",
      };
