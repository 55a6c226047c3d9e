import { ticksPerBar, type Meter } from "../time/meter.ts";
import { TICKS_PER_QUARTER } from "../time/units.ts";
import type { TimeSignature } from "./midi-bytes.ts";

/** What the bars of a file become in the engine. A measure is one bar of the file or, folded, several. */
export interface MeterMatch {
  readonly meter: Meter;
  /** Length of a measure in the file's quarter notes. */
  readonly quarters: number;
  /** Bars of the engine that a measure fills; what does not fit is cut, what is missing is silent. */
  readonly bars: number;
  /** Engine ticks for each of the file's quarter notes. */
  readonly scale: number;
  /** What the composer should know; undefined where the meter is the engine's own. */
  readonly remark: string | undefined;
}

/** Quarter notes in a bar of the file. */
export const quartersPerBar = ({ numerator, denominator }: TimeSignature): number =>
  (4 * numerator) / denominator;

/** Signatures beyond these are damage, not music. */
export const isSound = ({ numerator, denominator }: TimeSignature): boolean =>
  numerator >= 1 && numerator <= 32 && [1, 2, 4, 8, 16, 32].includes(denominator);

/**
 * The engine's nearest meter. Compound meters keep their beats (12/8 is four quarters in triplets, so
 * its quarters shrink to two thirds), short bars fold together (2/4, 3/8), and all else takes the 4/4 or
 * 3/4 bars that come nearest in length.
 */
export function matchMeter(signature: TimeSignature): MeterMatch {
  const { numerator, denominator } = signature;
  const quarters = quartersPerBar(signature);
  const name = `meter ${numerator}/${denominator}`;
  if (numerator === 12) return compound("12/8", quarters, denominator === 8 ? undefined : name);
  if (numerator === 6 && denominator >= 8) {
    return compound("6/8", quarters, denominator === 8 ? undefined : name);
  }
  if (numerator === 9) return compound("3/4", quarters, name);
  if (quarters < 2.5 && Number.isInteger(4 / quarters)) {
    return folded("4/4", quarters, 4 / quarters, name);
  }
  if (quarters < 2.5 && Number.isInteger(3 / quarters)) {
    return folded("6/8", quarters, 3 / quarters, name);
  }
  return nearest(quarters, name);
}

function compound(meter: Meter, quarters: number, name: string | undefined): MeterMatch {
  const scale = ticksPerBar(meter) / quarters;
  const remark = name && `${name} is read as ${meter}, each beat as long as one of its beats`;
  return { meter, quarters, bars: 1, scale, remark };
}

const folded = (meter: Meter, quarters: number, count: number, name: string): MeterMatch => ({
  meter,
  quarters: quarters * count,
  bars: 1,
  scale: TICKS_PER_QUARTER,
  remark: `${name} is folded: ${count} of its bars are one of ${meter}`,
});

function nearest(quarters: number, name: string): MeterMatch {
  const choices = (["4/4", "3/4"] as const).flatMap((meter) =>
    Array.from({ length: 8 }, (_, index) => {
      const bars = index + 1;
      return { meter, bars, over: (bars * ticksPerBar(meter)) / TICKS_PER_QUARTER - quarters };
    }),
  );
  // Fewer bars before more, and a rest at the end before notes that are lost.
  const [best = { meter: "4/4" as const, bars: 1, over: 0 }] = choices.toSorted(
    (a, b) => Math.abs(a.over) - Math.abs(b.over) || a.bars - b.bars || b.over - a.over,
  );
  const { meter, bars, over } = best;
  const into = bars === 1 ? meter : `${bars} bars of ${meter}`;
  const rest = over > 0 ? "each bar is filled up with a rest" : "the end of each bar is cut";
  const own = over === 0 && bars === 1;
  const remark = own ? undefined : `${name} is read as ${into}${over === 0 ? "" : `: ${rest}`}`;
  return { meter, quarters, bars, scale: TICKS_PER_QUARTER, remark };
}

/** A straight grid must miss the onsets by this much more than one of triplets. */
const CLEARLY = 1.5;

/**
 * The match in 12/8 where its 4/4 moves in triplets; `onsets` in quarter notes. At least two of them
 * must lie off the beats.
 */
export function withTriplets(match: MeterMatch, onsets: readonly number[]): MeterMatch {
  if (match.meter !== "4/4") return match;
  const miss = (cells: number): number =>
    onsets.reduce((sum, at) => sum + Math.abs(at - Math.round(at * cells) / cells), 0);
  const offBeat = onsets.filter((at) => Math.abs(at - Math.round(at)) > 0.2);
  if (offBeat.length < 2 || miss(4) <= CLEARLY * miss(3)) return match;
  const remark = "its quarters move in triplets: 4/4 becomes 12/8, of the same length";
  const joined = match.remark === undefined ? remark : `${match.remark}; ${remark}`;
  return { ...match, meter: "12/8", remark: joined };
}
