import type { GenerationRequest } from "../generator/service.ts";
import { STEMS } from "../music/stem.ts";
import { slotsPerBar } from "../time/meter.ts";

/** How fast this device writes, in milliseconds. */
export interface Pace {
  /** The network, for each bar that it runs over. */
  readonly bar: number;
  /** Choosing notes, for each cell that is to be decided. */
  readonly cell: number;
}

/** What a pass is about. */
export interface Work {
  /** Bars that the network runs over. */
  readonly bars: number;
  /** Cells that are to be decided. */
  readonly cells: number;
}

/** What one pass took, in milliseconds, and what it was about. */
export interface Measured extends Work {
  readonly network: number;
  readonly deciding: number;
}

/** Weight of the newest pass in the running estimate: one stall must not cost quality for long. */
const SLOWER = 0.2;
const FASTER = 0.5;
/** The best first. Between four and twelve the evaluation finds no difference. */
const RUNGS = [12, 8, 4, 2, 1];
/** This share of the time that is left is kept for stalls. */
const MARGIN = 0.2;

export const passTime = ({ bar, cell }: Pace, { bars, cells }: Work): number =>
  bar * bars + cell * cells;

/** The estimate after one more pass. */
export const learn = (pace: Pace, { network, deciding, bars, cells }: Measured): Pace => ({
  bar: nearer(pace.bar, network / bars),
  cell: cells === 0 ? pace.cell : nearer(pace.cell, deciding / cells),
});

const nearer = (known: number, found: number): number =>
  known === 0 ? found : known + (found - known) * (found > known ? SLOWER : FASTER);

/** Cells that a request leaves to be decided: one for each stem and slot, rewritten ones by their share. */
export function cellsOf({ bars, mask }: Pick<GenerationRequest, "bars" | "mask">): number {
  let cells = 0;
  for (const [index, { meter }] of bars.entries()) {
    const slots = slotsPerBar(meter);
    for (const stem of STEMS) {
      const what = mask[index]?.[stem] ?? "keep";
      if (what === "write") cells += slots;
      else if (typeof what !== "string") cells += slots * what.rewrite;
    }
  }
  return cells;
}

/**
 * The best number of passes, `most` or one of 12, 8, 4, 2 and 1 below it, that is done by the deadline with a
 * fifth of the time to spare; 1 where none is. `timeLeft` and `passTime` in milliseconds. A plan of few
 * passes makes better music than one of many that is cut off.
 */
export function choosePasses(most: number, timeLeft: number, passTime: number): number {
  const rungs = [most, ...RUNGS.filter((passes) => passes < most)];
  return rungs.find((passes) => passes * passTime <= timeLeft * (1 - MARGIN)) ?? 1;
}
