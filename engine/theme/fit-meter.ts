import { createGeometry, metricWeight } from "../generator/geometry.ts";
import type { GridNote } from "../generator/quantise.ts";
import { slotsPerBar, type Meter } from "../time/meter.ts";

/**
 * Cells of 4/4 whose second half goes twice as fast when a meter of threes takes them: the bar in 3/4,
 * each half in 6/8, each beat in 12/8. Two equal lengths become long and short, as a march becomes a
 * waltz, a jig or a shuffle, and strong beats stay strong.
 */
const UNITS: Readonly<Record<Exclude<Meter, "4/4">, number>> = { "3/4": 16, "6/8": 8, "12/8": 4 };

/** Where a place (slots from the theme's start) goes in another meter; the same bar, the same order. */
function carryPlace(place: number, from: Meter, to: Meter): number {
  if (from === to || (slotsPerBar(from) === 12 && equallyLong(from, to))) return place;
  const even = from === "4/4" ? place : stretched(place, UNITS[from]);
  return to === "4/4" ? even : squeezed(even, UNITS[to]);
}

/** 3/4 and 6/8 have the same bar, otherwise accented. */
const equallyLong = (a: Meter, b: Meter): boolean => a !== "12/8" && b !== "12/8" && b !== "4/4";

function squeezed(place: number, unit: number): number {
  const count = Math.floor(place / unit);
  const within = place - count * unit;
  return count * unit * 0.75 + Math.min(within, unit / 2) + Math.max(0, within - unit / 2) / 2;
}

function stretched(place: number, unit: number): number {
  const count = Math.floor(place / (unit * 0.75));
  const within = place - count * unit * 0.75;
  return count * unit + Math.min(within, unit / 2) + Math.max(0, within - unit / 2) * 2;
}

/** A line's cells in another meter. Of notes that would share one the metrically strongest stays. */
export function carryLine(line: readonly GridNote[], from: Meter, to: Meter): readonly GridNote[] {
  const geometry = createGeometry(from, 1);
  const carried: GridNote[] = [];
  let weight = 0;
  for (const { slot, end, note } of line) {
    const place = Math.floor(carryPlace(slot, from, to));
    const next: GridNote = {
      slot: place,
      end: Math.max(place + 1, Math.ceil(carryPlace(end, from, to))),
      note,
    };
    const last = carried.at(-1);
    if (last?.slot === place) {
      if (metricWeight(geometry, slot) <= weight) continue;
      carried.pop();
    }
    weight = metricWeight(geometry, slot);
    carried.push(next);
  }
  return carried;
}
