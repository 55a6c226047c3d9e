import type { Part, PlayedNote } from "./midi-bytes.ts";

const DRUM_CHANNEL = 10;
/** Names that composers give to the part that sings, and to those that never do. */
const SINGS =
  /\b(melod(y|ie)|lead|theme|tune|vocals?|voice|solo|soprano?|cantus|right|upper|top|treble)\b/i;
const NEVER = /\b(bass|drums?|perc(ussion)?|timpani|pad)\b/i;
/** General MIDI basses, and percussion and effects. */
const isBeneath = (program: number): boolean => (program >= 32 && program <= 39) || program >= 112;
/** Share of notes that must sound alone, and how long (quarter notes) a legato may overlap. */
const MONOPHONIC = 0.8;
const LEGATO = 0.25;
/** Two notes this near are struck together (quarter notes). */
const TOGETHER = 0.05;
/** A part with fewer onsets than this share of the busiest one only decorates. */
const ENOUGH = 0.1;

/** The parts that have pitches. */
export const pitchedParts = (parts: readonly Part[]): readonly Part[] =>
  parts.filter(({ channel }) => channel !== DRUM_CHANNEL);

/**
 * The part that has the melody: of the parts with enough notes those that are named as one, otherwise
 * all that are no bass; of these the ones that are mostly monophonic, if there are any; of these the
 * highest by its median pitch.
 */
export function melodyPart(parts: readonly Part[]): Part | undefined {
  const traits = pitchedParts(parts).map((part) => ({ part, ...traitsOf(part) }));
  const busiest = Math.max(0, ...traits.map(({ onsets }) => onsets));
  const busy = traits.filter(({ onsets }) => onsets >= ENOUGH * busiest);
  const named = busy.filter(({ part }) => SINGS.test(part.name) && !NEVER.test(part.name));
  const above = busy.filter(({ part }) => !NEVER.test(part.name) && !isBeneath(part.program));
  const eligible = [named, above, busy].find((list) => list.length > 0) ?? [];
  const monophonic = eligible.filter(({ alone }) => alone >= MONOPHONIC);
  const [highest] = (monophonic.length > 0 ? monophonic : eligible).toSorted(
    (a, b) => b.median - a.median || b.onsets - a.onsets,
  );
  return highest?.part;
}

/** A melody has begun where this many onsets follow within so many quarter notes. */
const ONSETS = 4;
const SPAN = 32;

/** The notes from where the melody begins: a note by itself long before is passed over. */
export function fromBeginning(notes: readonly PlayedNote[]): readonly PlayedNote[] {
  const begins = notes.findIndex(({ at }, index) => {
    const later = notes[index + ONSETS - 1];
    return later !== undefined && later.at - at < SPAN;
  });
  return notes.slice(Math.max(0, begins));
}

interface Traits {
  readonly onsets: number;
  /** Share of onsets at which no other note is struck or still sounds. */
  readonly alone: number;
  readonly median: number;
}

function traitsOf({ notes }: Part): Traits {
  const pitches = notes.map(({ pitch }) => pitch).toSorted((a, b) => a - b);
  let onsets = 0;
  let alone = 0;
  let sounding = -Infinity;
  for (let index = 0; index < notes.length;) {
    const { at = 0 } = notes[index] ?? {};
    const before = sounding;
    let struck = 0;
    for (; index < notes.length; index += 1, struck += 1) {
      const note = notes[index];
      if (note === undefined || note.at > at + TOGETHER) break;
      sounding = Math.max(sounding, note.at + note.duration);
    }
    onsets += 1;
    if (struck === 1 && before <= at + LEGATO) alone += 1;
  }
  return {
    onsets,
    alone: alone / Math.max(1, onsets),
    median: pitches[Math.floor(pitches.length / 2)] ?? 0,
  };
}
