import { slotsPerBar } from "../time/meter.ts";
import { findChords } from "./chords.ts";
import { hiddenPickup } from "./downbeat.ts";
import { lineToNotes, toGrid, upperLine, type GridNote } from "./grid.ts";
import { findMeasures, type Measures } from "./measures.ts";
import { fromBeginning, melodyPart, pitchedParts } from "./melody-part.ts";
import { withTriplets } from "./meter-match.ts";
import { readMidiBytes, type MidiContent, type Part, type PlayedNote } from "./midi-bytes.ts";
import { findKey, findTempo, type Remark } from "./stated.ts";
import { MOST_BARS, type WrittenTheme } from "./theme.ts";

/** A theme read from a file, with remarks on what was decided for the composer, or what to do about it. */
export type ThemeReading =
  | { readonly ok: true; readonly theme: WrittenTheme; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a motif from a standard MIDI file: the first 8 bars at most from where its melody begins, on the
 * engine's grid. Never throws; takes time in proportion to the file, which may have 1 MB.
 */
export function importMidi(bytes: Uint8Array): ThemeReading {
  const reading = readMidiBytes(bytes);
  if (!reading.ok) return reading;
  const { content } = reading;
  const part = melodyPart(content.parts);
  if (part === undefined) {
    const problem =
      content.parts.length === 0
        ? "the file has no notes; export the motif with its notes"
        : "the file has drums alone; put the melody on a channel other than 10";
    return { ok: false, problem };
  }
  const remarks: string[] = [];
  const theme = readTheme(content, part, (text) => remarks.push(text));
  if (theme !== undefined) return { ok: true, theme, notes: remarks };
  const problem = "the melody has no note where the engine's bars go; write it in 4/4, 3/4 or 6/8";
  return { ok: false, problem };
}

/** Undefined where no note is left, since the end of each bar is cut. */
function readTheme(content: MidiContent, part: Part, remark: Remark): WrittenTheme | undefined {
  const notes = fromBeginning(part.notes);
  const measures = measuresOf(content, part, notes, remark);
  const { meter } = measures.match;
  if (content.parts.length > 1) {
    const name = part.name === "" ? "" : ` (${part.name})`;
    remark(`the melody is that of track ${part.track}, channel ${part.channel}${name}`);
  }
  const { all, most } = countBars(measures, notes, remark);
  const grid = toGrid(notes, measures, most);
  const upper = upperLine(grid);
  const end = upper.reduce((latest, note) => Math.max(latest, note.end), 0);
  if (end === 0) return undefined;
  const bars = Math.ceil(end / slotsPerBar(meter));
  if (bars < all) remark(`the first ${bars} of ${all} bars are kept`);
  const line = [...upper, ...pickupOf(notes, measures, { line: upper, bars }, remark)];

  const onTop = new Set(upper);
  const others = pitchedParts(content.parts)
    .filter((other) => other !== part)
    .flatMap((other) => toGrid(other.notes, measures, bars));
  const accompaniment = [...others, ...grid.filter((note) => !onTop.has(note))];
  if (accompaniment.length === 0) remark("the chords are guessed from the melody and its key");
  const key = findKey(content.keys, measures, [...line, ...accompaniment], remark);
  return {
    name: part.name === "" ? "theme" : part.name,
    meter,
    tempo: findTempo(content.tempos, measures, remark),
    key,
    bars,
    chords: findChords({ melody: line, accompaniment }, { key, meter, bars }),
    melody: lineToNotes(line, meter),
  };
}

function measuresOf(
  content: MidiContent,
  part: Part,
  notes: readonly PlayedNote[],
  remark: Remark,
): Measures {
  const first = notes[0]?.at ?? 0;
  const stated = findMeasures(content.signatures, first, notes.at(-1)?.at ?? first);
  const hidden = isOnFirstBar(first, stated)
    ? hiddenPickup({ melody: notes, accompaniment: besides(content, part) }, stated.signature)
    : 0;
  const found = hidden === 0 ? stated : { ...stated, from: hidden, pickup: hidden };
  if (hidden > 0) {
    const heard = hidden === 1 ? "quarter is" : `${hidden} quarters are`;
    remark(
      `the first ${heard} heard as a pickup; if not so, leave a bar of rest before the melody`,
    );
  }
  const end = found.from + MOST_BARS * found.match.quarters;
  const onsets = notes.flatMap(({ at }) => (at >= found.from && at < end ? [at - found.from] : []));
  const match = withTriplets(found.match, onsets);
  if (match.remark !== undefined) remark(match.remark);
  return { ...found, match };
}

/** Who begins a bar later, or has a change of meter follow, has counted the bars. */
const isOnFirstBar = (first: number, { from, until, pickup }: Measures): boolean =>
  from === 0 && pickup === 0 && until === Infinity && Math.abs(first) < ON_TIME;

/** Quarter notes by which a player may miss the first beat. */
const ON_TIME = 0.1;

/** What has a pitch and is not the melody. */
const besides = ({ parts }: MidiContent, melody: Part): readonly PlayedNote[] =>
  pitchedParts(parts).flatMap((part) => (part === melody ? [] : part.notes));

/** Bars of the engine from the theme's first to the melody's last in this meter, and how many are looked at. */
function countBars(
  { match, from, until }: Measures,
  notes: readonly PlayedNote[],
  remark: Remark,
): { all: number; most: number } {
  const last = Math.max(from, notes.at(-1)?.at ?? from);
  const inMeter = Math.max(1, Math.floor((until - from) / match.quarters));
  const measures = Math.floor((last - from) / match.quarters) + 1;
  const all = Math.min(measures, inMeter) * match.bars;
  if (measures > inMeter) remark(`the meter changes after bar ${all}; what follows is left out`);
  return { all, most: Math.min(all, MOST_BARS) };
}

/** The notes before the first whole bar, at the end of the last one, where they lead back to it. */
function pickupOf(
  notes: readonly PlayedNote[],
  measures: Measures,
  { line, bars }: { readonly line: readonly GridNote[]; readonly bars: number },
  remark: Remark,
): readonly GridNote[] {
  const { match, from, pickup } = measures;
  if (pickup === 0) return [];
  const length = (bars / match.bars) * match.quarters;
  const shifted = notes.flatMap((note) =>
    note.at < from && note.at > from - pickup - match.quarters
      ? [{ ...note, at: note.at + length }]
      : [],
  );
  const found = upperLine(toGrid(shifted, { ...measures, until: Infinity }, bars));
  const [lead] = found;
  const last = line.at(-1);
  if (lead === undefined || last === undefined || last.slot >= lead.slot) {
    remark("the pickup is left out, for the last bar has no room for it");
    return [];
  }
  remark("the pickup stands at the end of the last bar, from where it leads back");
  return found;
}
