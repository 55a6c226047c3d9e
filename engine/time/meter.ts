import { TICKS_PER_QUARTER, ticks, type Ticks } from "./units.ts";

/** A time signature the engine can play. 4/4 in triplets is `12/8`: four beats of three. */
export type Meter = "4/4" | "3/4" | "6/8" | "12/8";

export const METERS: readonly Meter[] = ["4/4", "3/4", "6/8", "12/8"];

interface MeterShape {
  readonly beats: number;
  readonly ticksPerBeat: Ticks;
  /** Cells of the model's grid in one bar. */
  readonly slots: number;
}

const quarter = ticks(TICKS_PER_QUARTER);
const dottedQuarter = ticks(TICKS_PER_QUARTER * 1.5);

/** `12/8` keeps the length of 4/4: its beat is a quarter note cut in three. */
const SHAPES: Readonly<Record<Meter, MeterShape>> = {
  "4/4": { beats: 4, ticksPerBeat: quarter, slots: 16 },
  "3/4": { beats: 3, ticksPerBeat: quarter, slots: 12 },
  "6/8": { beats: 2, ticksPerBeat: dottedQuarter, slots: 12 },
  "12/8": { beats: 4, ticksPerBeat: quarter, slots: 12 },
};

export const beatsPerBar = (meter: Meter): number => SHAPES[meter].beats;
export const ticksPerBar = (meter: Meter): Ticks =>
  ticks(SHAPES[meter].beats * SHAPES[meter].ticksPerBeat);
/** Cells of the model's grid in one bar: 16 sixteenths of 4/4, otherwise 12. */
export const slotsPerBar = (meter: Meter): number => SHAPES[meter].slots;
/** Length of one cell; whole in every meter (240 or, in triplets, 320 ticks). */
export const ticksPerSlot = (meter: Meter): Ticks =>
  ticks(ticksPerBar(meter) / SHAPES[meter].slots);
