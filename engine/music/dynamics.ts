import { ticksPerBar } from "../time/meter.ts";
import {
  gainOf,
  ticks,
  TICKS_PER_QUARTER,
  type Decibels,
  type Ticks,
  type UnitInterval,
} from "../time/units.ts";
import type { BarPlan } from "./bar-plan.ts";
import type { Note } from "./note.ts";

/** How an instrument moves in loudness within the notes that it holds. */
export interface HeldManner {
  /** Below this intensity held notes grow by so much up to their middle, and come back. */
  readonly swell?: { readonly below: UnitInterval; readonly by: Decibels };
  /** From this intensity on held notes tremble, as strings do whose bows go to and fro; depth is within 0–1. */
  readonly tremolo?: { readonly from: UnitInterval; readonly depth: UnitInterval };
}

/** A stretch within which a stem moves in loudness; before and after it, it is as loud as it is. */
export interface Movement {
  readonly kind: "swell" | "tremolo";
  readonly at: Ticks;
  readonly duration: Ticks;
  /** Of a swell, the linear gain at its crest; of a tremolo, its depth, 0–1. */
  readonly amount: number;
}

/** What is held as long as this, or longer, moves. */
const SHORTEST: Readonly<Record<Movement["kind"], number>> = {
  swell: 2 * TICKS_PER_QUARTER,
  tremolo: TICKS_PER_QUARTER,
};

/**
 * Where a stem swells or trembles: while the notes that began together are held and no other begins. `notes` are
 * those that are played, in order of time; `bars` are those of the phrase. A stinger is played as it is written.
 */
export function movementsOf(
  notes: readonly Note[],
  { swell, tremolo }: HeldManner,
  bars: readonly BarPlan[],
): readonly Movement[] {
  const [first] = bars;
  if ((swell ?? tremolo) === undefined || first === undefined || first.role === "stinger")
    return [];
  const barTicks = ticksPerBar(first.meter);
  return stretchesOf(notes).flatMap(({ at, duration }) => {
    const intensity = bars[Math.floor(at / barTicks)]?.intensity ?? 0;
    const trembles = tremolo !== undefined && intensity >= tremolo.from;
    const kind = trembles ? "tremolo" : "swell";
    const amount = trembles
      ? tremolo.depth
      : swell !== undefined && intensity < swell.below
        ? gainOf(swell.by)
        : undefined;
    return amount === undefined || duration < SHORTEST[kind]
      ? []
      : [{ kind, at, duration, amount }];
  });
}

/** From each onset until the first of its notes ends or another begins. */
function stretchesOf(notes: readonly Note[]): readonly Pick<Movement, "at" | "duration">[] {
  const ends = new Map<Ticks, number>();
  for (const { at, duration } of notes) {
    ends.set(at, Math.min(ends.get(at) ?? Infinity, at + duration));
  }
  const onsets = [...ends].toSorted(([one], [other]) => one - other);
  return onsets.map(([at, end], index) => {
    const next = onsets[index + 1]?.[0] ?? Infinity;
    return { at, duration: ticks(Math.min(end, next) - at) };
  });
}
