import { beatsPerBar, type Meter } from "./meter.ts";
import { barsUntil, timeOfBar, TOLERANCE, type Section } from "./section.ts";
import type { Seconds } from "./units.ts";

/**
 * Where in the music a change may fall. `2 bars` is every second bar line, counted from the section's
 * bar 0; `marker turn` is that marker of the mood, `marker` any.
 */
export type SyncPoint =
  "immediate" | "beat" | "bar" | "phrase" | GridPoint | "marker" | `marker ${string}`;
type GridPoint = `${number} bars` | `${number} beats`;

/**
 * Where in its music a mood is entered: at its beginning, at the place in the phrase where the old one
 * is left, at the same beat of a bar, or where it was left the last time.
 */
export type Entry = "start" | "same position" | "equivalent beat" | "last position";

export const ENTRIES: readonly Entry[] = [
  "start",
  "same position",
  "equivalent beat",
  "last position",
];

/** What the sync points of a section are counted from. */
export interface SyncGrid {
  readonly phraseBars: number;
  /** Places within each phrase, in bars from its beginning. */
  readonly markers: readonly { readonly name: string; readonly bar: number }[];
}

/**
 * The first sync point at or after `notBefore`, and after the section's own entry: a change asked for
 * on a boundary waits for the following one because the caller adds its lookahead. A marker that the
 * mood lacks stands for its phrases.
 */
export function nextSyncPoint(
  section: Section,
  sync: SyncPoint,
  { phraseBars, markers }: SyncGrid,
  notBefore: Seconds,
): Seconds {
  if (sync === "immediate") return notBefore;
  const bar = barsUntil(section, notBefore);
  if (sync.startsWith("marker")) {
    const name = sync.slice("marker ".length);
    const places = markers.filter((marker) => name === "" || marker.name === name);
    if (places.length > 0) {
      const next = places.map((place) => nextOnGrid(bar, phraseBars, place.bar));
      return timeOfBar(section, Math.min(...next));
    }
  }
  return timeOfBar(section, nextOnGrid(bar, barsBetween(sync, section.meter, phraseBars), 0));
}

/** The first of the bars `offset`, `offset + step`, … that is not before `bar` and after bar 0. */
function nextOnGrid(bar: number, step: number, offset: number): number {
  const least = offset > 0 ? 0 : 1;
  const count = Math.max(least, Math.ceil((bar - offset) / step - TOLERANCE));
  return offset + count * step;
}

function barsBetween(sync: SyncPoint, meter: Meter, phraseBars: number): number {
  if (sync === "beat") return 1 / beatsPerBar(meter);
  if (sync === "bar") return 1;
  const count = Number.parseInt(sync, 10);
  if (Number.isNaN(count)) return phraseBars;
  return sync.endsWith(" bars") ? count : count / beatsPerBar(meter);
}
