import { readNotes } from "../theme/read-notes.ts";
import { METERS, type Meter } from "../time/meter.ts";
import { describe, expectedAt } from "./issue.ts";
import { asMap, firstOf, isMap, type Fields, type Note } from "./raw.ts";

export const EXAMPLE_NOTES = "D4 1/4, r 1/8, F4 1/8, A4 1/2";

/** Checks that each theme is a file or notes, and that notes can be read in their meter. */
export function checkThemes(score: Fields, note: Note): void {
  for (const [name, value] of firstOf(score, "themes")) {
    // What has another shape has its own mistake.
    if (isMap(value) || value === null) checkTheme(score, name, asMap(value), note);
  }
}

function checkTheme(score: Fields, name: string, theme: Fields, note: Note): void {
  const path = ["themes", name];
  const { midi, notes } = theme;
  const expected = 'either "midi" or "notes"';
  if (midi === undefined && notes === undefined) {
    note({ path, at: "key", found: "a theme with neither", expected });
  } else if (midi !== undefined && notes !== undefined) {
    note({ path: [...path, "notes"], at: "key", found: 'both "midi" and "notes"', expected });
  }
  for (const field of ["key", "meter"]) {
    if (midi === undefined || notes !== undefined || theme[field] === undefined) continue;
    const found = `the key "${field}" beside "midi"`;
    note({ path: [...path, field], at: "key", found, expected: "none, for the file says it" });
  }
  const meter = meterOf(theme["meter"] ?? score["meter"] ?? "4/4");
  if (typeof notes !== "string" || notes.trim() === "" || meter === undefined) return;
  const reading = readNotes(notes, meter);
  if (reading.ok) return;
  const like = `notes such as "${EXAMPLE_NOTES}"`;
  const what = { found: describe(notes), expected: `${like}: ${expectedAt(reading)}` };
  note({ path: [...path, "notes"], ...what });
}

const meterOf = (input: unknown): Meter | undefined => METERS.find((meter) => meter === input);
