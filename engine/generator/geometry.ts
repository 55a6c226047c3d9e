import type { Meter } from "../time/meter.ts";
import { slotsPerBar } from "../time/meter.ts";
import { BAR_SLOTS, LANE_COUNT, PATCH } from "./tokens.ts";

/**
 * Where the used slots of a window lie. Slots are counted in playing order, skipping the unused end
 * of a short bar: `slot = bar × slots + place`.
 */
export interface Geometry {
  readonly meter: Meter;
  readonly bars: number;
  /** Slots used in each bar, 12 or 16. */
  readonly slots: number;
  /** Slots in all: `bars × slots`. */
  readonly length: number;
}

export const createGeometry = (meter: Meter, bars: number): Geometry => {
  const slots = slotsPerBar(meter);
  return { meter, bars, slots, length: bars * slots };
};

export const barAt = (geometry: Geometry, slot: number): number =>
  Math.floor(slot / geometry.slots);

/** Index of a slot on the network's grid, which keeps 16 slots for every bar. */
export const gridSlot = (geometry: Geometry, slot: number): number => {
  const bar = Math.floor(slot / geometry.slots);
  return bar * BAR_SLOTS + slot - bar * geometry.slots;
};

/** Index of a slot's cell in a lane. */
export const cellAt = (geometry: Geometry, slot: number, lane: number): number =>
  gridSlot(geometry, slot) * LANE_COUNT + lane;

/** Half bars are numbered through the window: two for each bar. */
export const halfAt = (geometry: Geometry, slot: number): number =>
  Math.floor((2 * slot) / geometry.slots);

/** First token of a half bar. */
export const halfToken = (geometry: Geometry, half: number): number =>
  (Math.floor(half / 2) * BAR_SLOTS + ((half % 2) * geometry.slots) / 2) / PATCH;

/** Tokens in a half bar, 3 or 4. */
export const halfTokens = (geometry: Geometry): number => geometry.slots / 2 / PATCH;

/** Slots of a beat or, in 6/8, of half a beat: the smallest stretch worth rewriting. */
export const blockSlots = (geometry: Geometry): number =>
  geometry.meter === "4/4" || geometry.meter === "3/4" ? 4 : 3;

/** Metric weight of every place in a bar: 4 downbeat, 3 middle, 2 beat, 1 offbeat, 0 the rest. */
const WEIGHTS: Readonly<Record<Meter, readonly number[]>> = {
  "4/4": [4, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0],
  "3/4": [4, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0],
  "6/8": [4, 0, 1, 0, 1, 0, 3, 0, 1, 0, 1, 0],
  "12/8": [4, 0, 1, 2, 0, 1, 3, 0, 1, 2, 0, 1],
};

export const metricWeight = (geometry: Geometry, slot: number): number =>
  WEIGHTS[geometry.meter][slot % geometry.slots] ?? 0;
