import type { Stem } from "../music/stem.ts";
import { decibels, unitInterval } from "../time/units.ts";
import type { Voice } from "./service.ts";

/** What makes room for a stem among the others. */
type StemMix = Pick<Voice, "tone" | "width" | "room">;

/**
 * Where each stem has its place, unless its voice says otherwise: only basses and drums go below 100 Hz, and
 * they are nearly dry, so that the ground stays firm in any room; harmony and counter give way where the
 * melody is heard, around 1.3 kHz, and the melody gets a little air.
 */
export const STEM_MIX: Readonly<Record<Stem, StemMix>> = {
  melody: {
    tone: { lowCut: 120, shelf: { hertz: 5_000, gain: decibels(1.5) } },
    room: unitInterval(0.85),
  },
  counter: {
    tone: { lowCut: 140, bell: { hertz: 1_300, gain: decibels(-2), q: 0.6 } },
    room: unitInterval(1),
  },
  harmony: {
    tone: { lowCut: 130, bell: { hertz: 1_300, gain: decibels(-3), q: 0.6 } },
    room: unitInterval(1),
  },
  bass: { tone: { lowCut: 32 }, width: 0.6, room: unitInterval(0.2) },
  // Filters would move the attacks, which fall on their frame.
  drums: { room: unitInterval(0.5) },
};
