import { createGeometry, metricWeight, type Geometry } from "../generator/geometry.ts";
import { quantise, type GridNote } from "../generator/quantise.ts";
import { anchorOf, fold, LANE_RANGES, MELODY } from "../generator/tokens.ts";
import { changeMode } from "../music/harmony.ts";
import type { Key } from "../music/key.ts";
import { slotsPerBar } from "../time/meter.ts";
import { midiPitch, type MidiPitch } from "../time/units.ts";
import { carryChord } from "./fit-chords.ts";
import { carryLine } from "./fit-meter.ts";
import { lineToNotes } from "./grid.ts";
import type { HalfBarChords, ThemeFit, ThemeTerms, WrittenTheme } from "./theme.ts";

/**
 * Carries a theme into another key, mode, meter, register and length. Scale degrees keep their place,
 * alterations their distance to the degree below; the key is reached by the shorter way. The line as a
 * whole stays within what the model can sing, moved by octaves. Pure.
 */
export function fitTheme(theme: WrittenTheme, terms: ThemeTerms): ThemeFit {
  const geometry = createGeometry(terms.meter, terms.bars);
  const line = quantise(theme.melody, createGeometry(theme.meter, theme.bars));
  const carried = carryLine(line, theme.meter, terms.meter);
  const kept = terms.density === "all" ? carried : thinned(carried, geometry);
  const repeated = repeat(kept, theme.bars, geometry);
  const pitches = fitPitches(
    repeated.map(({ note }) => note.pitch),
    theme.key,
    terms,
  );
  const melody = lineToNotes(repeated, terms.meter).map((note, index) => ({
    ...note,
    pitch: pitches[index] ?? note.pitch,
  }));
  const carry = (chord: HalfBarChords[number]) =>
    chord && carryChord(chord, theme.key.mode, terms.key.mode);
  const chords = Array.from({ length: terms.bars }, (_, bar): HalfBarChords => {
    const [first, second] = theme.chords[bar % theme.bars] ?? [undefined, undefined];
    return [carry(first), carry(second)];
  });
  return { melody, chords };
}

/** Cuts or repeats a line of `bars` bars to the length of the geometry. */
function repeat(line: readonly GridNote[], bars: number, geometry: Geometry): readonly GridNote[] {
  const length = bars * slotsPerBar(geometry.meter);
  return Array.from({ length: Math.ceil(geometry.bars / bars) }, (_, round) => round * length)
    .flatMap((start) =>
      line.map(({ slot, end, note }) => ({
        slot: start + slot,
        end: Math.min(start + end, start + length, geometry.length),
        note,
      })),
    )
    .filter(({ slot }) => slot < geometry.length);
}

/**
 * The metrically stronger half of each bar's notes, of equals the longer; the first note stays always.
 * What sounds on takes over the time of the notes that were dropped right after it.
 */
function thinned(line: readonly GridNote[], geometry: Geometry): readonly GridNote[] {
  const bars = new Map<number, GridNote[]>();
  for (const note of line) {
    const bar = Math.floor(note.slot / geometry.slots);
    bars.set(bar, [...(bars.get(bar) ?? []), note]);
  }
  const strength = ({ slot, end }: GridNote): number =>
    metricWeight(geometry, slot) + (end - slot) / (geometry.slots + 1);
  const kept = new Set(
    [...bars.values()].flatMap((notes) =>
      notes.toSorted((a, b) => strength(b) - strength(a)).slice(0, Math.ceil(notes.length / 2)),
    ),
  );
  const thin: GridNote[] = [];
  for (const note of line) {
    const last = thin.at(-1);
    if (last === undefined || kept.has(note)) thin.push(note);
    else if (note.slot <= last.end) thin.splice(-1, 1, { ...last, end: note.end });
  }
  return thin;
}

function fitPitches(
  pitches: readonly number[],
  from: Key,
  { key, register, centre }: ThemeTerms,
): readonly MidiPitch[] {
  const way = ((((key.tonic - from.tonic + 6) % 12) + 12) % 12) - 6;
  const carried = pitches.map(
    (pitch) => from.tonic + way + changeMode(pitch - from.tonic, from.mode, key.mode),
  );
  const mean = carried.reduce((sum, pitch) => sum + pitch, 0) / carried.length;
  const octaves = (centre === undefined ? 0 : Math.round((centre - mean) / 12)) + register;
  const low = anchorOf(MELODY, key.tonic) + LANE_RANGES.melody.low;
  const high = low + LANE_RANGES.melody.pitches - 1;
  const lowest = Math.min(...carried) + 12 * octaves;
  const highest = Math.max(...carried) + 12 * octaves;
  // As a whole first, so that its contour holds; single notes fold only where its range is too wide.
  const back =
    lowest < low
      ? Math.ceil((low - lowest) / 12)
      : highest > high
        ? -Math.ceil((highest - high) / 12)
        : 0;
  return carried.map((pitch) => midiPitch(fold(pitch + 12 * (octaves + back), low, high)));
}
