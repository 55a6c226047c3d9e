import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { formatKey } from "../../engine/music/key.ts";
import type { Score } from "../../engine/score/score.ts";
import { importMidi } from "../../engine/theme/import-midi.ts";
import { count } from "./count.ts";

/** What the files that a score names make of it, in lines. */
interface NamedFiles {
  /** Files that can be read and are not what they should be. */
  readonly mistakes: readonly string[];
  /** Files that are not beside the score: a game may have them elsewhere. */
  readonly warnings: readonly string[];
  /** What is read in MIDI files. */
  readonly notes: readonly string[];
}

/** A MIDI file of a theme has 1 MB at most. */
const MOST_BYTES = 1_000_000;
/** What the game fetches from elsewhere is left alone. */
const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Reads the MIDI files that a score names, and looks whether its audio files and soundfonts are there. */
export function checkNamedFiles(score: Score, file: string): NamedFiles {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const notes: string[] = [];
  const find = (what: string, path: string): string | undefined => {
    if (ADDRESS.test(path)) return undefined;
    const found = resolve(dirname(file), path);
    const size = sizeOf(found);
    if (size === undefined) warnings.push(`${what}, ${path} is no file beside the score`);
    return size === undefined ? undefined : found;
  };
  for (const theme of score.themes) {
    if (theme.kind !== "midi") continue;
    const what = `theme "${theme.name}"`;
    const found = find(what, theme.file);
    if (found === undefined) continue;
    const about = `${what}, ${theme.file}`;
    if ((sizeOf(found) ?? 0) > MOST_BYTES) {
      mistakes.push(`${about}: found more than 1 MB, expected the motif and its chords alone`);
      continue;
    }
    const reading = importMidi(readFileSync(found));
    if (!reading.ok) {
      mistakes.push(`${about}: ${reading.problem}`);
      continue;
    }
    const { bars, meter, key, tempo } = reading.theme;
    const heard = `${count(bars, "bar")} of ${meter} in ${formatKey(key)} at ${Math.round(tempo)} bpm`;
    notes.push(...[heard, ...reading.notes].map((note) => `${about}: ${note}`));
  }
  for (const take of score.takes) find(`take "${take.name}"`, take.file);
  for (const { name, font } of score.palettes ?? []) {
    if (font !== undefined) find(`palette "${name}"`, font);
  }
  return { mistakes, warnings, notes };
}

/** Undefined where there is no file: folders and devices are none. */
function sizeOf(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : undefined;
}
