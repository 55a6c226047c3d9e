import { readForm } from "../music/form.ts";
import type { Reading } from "../music/reading.ts";
import { readNumerals } from "../music/roman.ts";
import { describe, expectedAt, oneOf, type Path } from "./issue.ts";
import { nearest } from "./nearest.ts";
import { asList, asMap, firstOf, type Fields, type Note } from "./raw.ts";
import { isName, readText } from "./values.ts";

/** One for each letter and one more for later rounds, twice over. */
const MOST_PROGRESSIONS = 8;

/** A section of named texts whose names may stand where such a text may. */
interface Kind {
  readonly section: "forms" | "progressions";
  readonly read: (text: string) => Reading<unknown>;
  readonly example: string;
}

const FORMS: Kind = { section: "forms", read: readForm, example: `a form such as "A A' B A"` };
const PROGRESSIONS: Kind = {
  section: "progressions",
  read: readNumerals,
  example: 'a progression such as "i VI III VII"',
};

/** Checks the names of forms and progressions, and that a mood's are known or can be read. */
export function checkForms(score: Fields, note: Note): void {
  for (const kind of [FORMS, PROGRESSIONS]) checkNames(score, kind, note);
  for (const [name, value] of firstOf(score, "moods")) {
    const mood = asMap(value);
    checkText(score, FORMS, { path: ["moods", name, "form"], text: mood["form"] }, note);
    checkProgressions(score, ["moods", name, "progression"], mood["progression"], note);
  }
}

/** A name that reads as a form or a progression would hide it. */
function checkNames(score: Fields, { section, read, example }: Kind, note: Note): void {
  for (const [name] of firstOf(score, section)) {
    if (!isName(name) || !read(name).ok) continue;
    const expected = `another name, for this one reads as ${example}`;
    note({ path: [section, name], at: "key", found: `the name ${describe(name)}`, expected });
  }
}

function checkProgressions(score: Fields, path: Path, progression: unknown, note: Note): void {
  if (!Array.isArray(progression)) {
    checkText(score, PROGRESSIONS, { path, text: progression }, note);
    return;
  }
  const texts = asList(progression);
  if (texts.length === 0) note({ path, found: "no progression", expected: PROGRESSIONS.example });
  if (texts.length > MOST_PROGRESSIONS) {
    const expected = `at most ${MOST_PROGRESSIONS}`;
    note({ path, found: `${texts.length} progressions`, expected });
  }
  if (texts.length > 1 && texts.every(isOneChord)) {
    const whole = texts.slice(0, MOST_PROGRESSIONS).join(" ");
    const expected = `a list of whole progressions, or one text such as ${describe(whole)}`;
    note({ path, found: "a list of single chords", expected });
  }
  for (const [index, text] of texts.slice(0, MOST_PROGRESSIONS).entries()) {
    checkText(score, PROGRESSIONS, { path: [...path, index], text }, note);
  }
}

function checkText(
  score: Fields,
  { section, read, example }: Kind,
  { path, text: input }: { readonly path: Path; readonly text: unknown },
  note: Note,
): void {
  const text = readText(input);
  const names = firstOf(score, section).map(([name]) => name);
  if (text === undefined || names.includes(text)) return;
  const reading = read(text);
  if (reading.ok) return;
  const known = names.filter(isName);
  const named = known.length === 0 ? "" : `${oneOf(known)}, or `;
  const expected = `${named}${example}: ${expectedAt(reading)}`;
  note({ path, found: describe(text), expected, nearest: nearest(text, known) });
}

function isOneChord(text: unknown): boolean {
  const written = readText(text);
  return written !== undefined && !/[\s-]/.test(written.trim()) && readNumerals(written).ok;
}
