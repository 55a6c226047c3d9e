import type { Note } from "../music/note.ts";
import type { Reading } from "../music/reading.ts";
import { slotsPerBar, ticksPerSlot, type Meter } from "../time/meter.ts";
import { midiPitch, ticks, velocity } from "../time/units.ts";
import { MOST_BARS } from "./theme.ts";

/** One voice in ticks from its start, at least one note; the last bar may be incomplete. */
export interface WrittenNotes {
  readonly notes: readonly Note[];
  readonly bars: number;
}

/** Eight bars of sixteenths fit. */
export const LONGEST_NOTES = 2000;
const TOKEN = /[,|]|[\p{L}\p{N}/#♯♭-]+|\S/gu;
/** The middle of the range: how loud a note is played is the player's business. */
const VELOCITY = velocity(80);
const PITCH = 'a pitch such as D4 or Bb5, or "r" for a rest';

/** Numerator, denominator, and the denominator of one cell of the grid; 12/8 counts in eighths. */
const WRITTEN: Readonly<Record<Meter, readonly [number, number, number]>> = {
  "4/4": [4, 4, 16],
  "3/4": [3, 4, 16],
  "6/8": [6, 8, 16],
  "12/8": [12, 8, 8],
};

/**
 * Reads `D4 1/4, r 1/8, F4 1/8, A4 1/2 | G4 1/1`: pitches (C4 is middle C) and rests, each with its length
 * as a fraction of a whole note, as long as the grid of the meter has it. Bar lines may be left out, but
 * stand right where they stand. At most 8 bars, of which the last may be incomplete.
 *
 *     notes = item { ( "," | "|" ) item } [ "|" ]        item = ( pitch | "r" ) length
 */
export function readNotes(text: string, meter: Meter): Reading<WrittenNotes> {
  if (text.length > LONGEST_NOTES) {
    return { ok: false, found: "more text", expected: `at most ${LONGEST_NOTES} characters` };
  }
  const tokens = [...text.matchAll(TOKEN)].map((match) => ({
    word: match[0],
    at: match.index + 1,
  }));
  const bar = slotsPerBar(meter);
  const notes: Note[] = [];
  let slot = 0;
  let barLine = 0;
  for (let index = 0; index < Math.max(1, tokens.length); index += 1) {
    const refuse = (token: number, expected: string): Reading<WrittenNotes> => ({
      ok: false,
      found: shown(tokens[token]),
      expected,
    });
    const pitch = readPitch(tokens[index]?.word);
    if (pitch === undefined) return refuse(index, PITCH);
    index += 1;
    const length = readLength(tokens[index]?.word, meter);
    if (length === undefined) return refuse(index, lengthIn(meter));
    if (slot + length > MOST_BARS * bar) return refuse(index, `at most ${MOST_BARS} bars`);
    if (pitch !== "rest") notes.push(noteAt(slot, length, pitch, meter));
    slot += length;
    index += 1;
    const separator = tokens[index]?.word;
    if (separator === "|") {
      const wrong = (slot - barLine) % bar;
      if (wrong !== 0) return refuse(index, barLineIn(meter, slot - barLine));
      barLine = slot;
      if (index === tokens.length - 1) break;
    } else if (separator !== undefined && separator !== ",") {
      return refuse(index, '",", "|" or the end');
    } else if (separator === "," && index === tokens.length - 1) return refuse(index + 1, PITCH);
  }
  if (notes.length > 0) return { ok: true, value: { notes, bars: Math.ceil(slot / bar) } };
  return { ok: false, found: "rests alone", expected: "at least one note" };
}

const noteAt = (slot: number, length: number, pitch: number, meter: Meter): Note => ({
  at: ticks(slot * ticksPerSlot(meter)),
  duration: ticks(length * ticksPerSlot(meter)),
  pitch: midiPitch(pitch),
  velocity: VELOCITY,
});

/** A letter's place in the list is its distance to C in semitones. */
const LETTERS = "C D EF G A B";

function readPitch(word: string | undefined): number | "rest" | undefined {
  if (word === "r") return "rest";
  const match = /^([A-Ga-g])([#b♯♭]?)(-?\d)$/.exec(word ?? "");
  if (match === null) return undefined;
  const [, letter = "", accidental = "", octave = ""] = match;
  const shift = accidental === "" ? 0 : accidental === "#" || accidental === "♯" ? 1 : -1;
  const pitch = 12 * (Number(octave) + 1) + LETTERS.indexOf(letter.toUpperCase()) + shift;
  return pitch >= 0 && pitch <= 127 ? pitch : undefined;
}

/** In cells of the grid; undefined where it is no whole number of them. */
function readLength(word: string | undefined, meter: Meter): number | undefined {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(word ?? "");
  if (match === null) return undefined;
  const cells = (Number(match[1]) * WRITTEN[meter][2]) / Number(match[2]);
  return Number.isInteger(cells) && cells > 0 ? cells : undefined;
}

const lengthIn = (meter: Meter): string =>
  meter === "12/8"
    ? "a length in whole eighths such as 1/8 or 3/8"
    : "a length in whole sixteenths such as 1/4 or 3/8";

function barLineIn(meter: Meter, since: number): string {
  const bar = slotsPerBar(meter);
  const missing = bar - (since % bar);
  const [count, word] = since < bar ? [missing, "more"] : [bar - missing, "less"];
  return `${fraction(count, WRITTEN[meter][2])} ${word} before the bar line`;
}

/** Shortened: 4/16 is 1/4. */
function fraction(count: number, whole: number): string {
  return count % 2 === 0 && whole > 1 ? fraction(count / 2, whole / 2) : `${count}/${whole}`;
}

/** With its place in the text, from 1. */
function shown(token: { readonly word: string; readonly at: number } | undefined): string {
  if (token === undefined) return "the end";
  const { word, at } = token;
  if (!/^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(word)) return `something invisible (character ${at})`;
  return `${JSON.stringify(word.length > 16 ? `${word.slice(0, 16)}…` : word)} (character ${at})`;
}
