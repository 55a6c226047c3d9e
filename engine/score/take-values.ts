import { beatsPerBar, ticksPerBar, type Meter } from "../time/meter.ts";
import { secondsOf } from "../time/section.ts";
import { seconds, type Bpm, type Seconds } from "../time/units.ts";
import { decimalUpTo, textForm } from "./json-form.ts";
import type { Length } from "./score.ts";
import { readText, type Reader } from "./values.ts";

/** Bars of an authored take: ten minutes at the fastest tempo are no more than 600 of 4/4. */
const MOST_TAKE_BARS = 600;
const WHOLE_BARS = "0*(?:[1-9]\\d?|[1-5]\\d\\d|600)(?:\\.0+)? ?bars?";
const MOST_TAKE_BEATS = 4 * MOST_TAKE_BARS;

const BARS = `${decimalUpTo(MOST_TAKE_BARS)} ?bars?`;
const BEATS = `${decimalUpTo(MOST_TAKE_BEATS)} ?beats?`;
const PLACE = textForm(`${BARS}|${BEATS}`, ["1 bar", "28 beats"]);

/** `8 bars`: a whole number of bars, 1–600. */
export const readTakeBars: Reader<number> = Object.assign(
  (input: unknown): number | undefined => {
    const place = placeOf(input);
    if (place?.unit !== "bars" || !Number.isInteger(place.value)) return undefined;
    return place.value >= 1 ? place.value : undefined;
  },
  { form: textForm(WHOLE_BARS, ["8 bars", "64 bars"]) },
);

/** `[1 bar, 7 bars]`: two places in a take. */
export const readLoop: Reader<readonly [Length, Length]> = Object.assign(
  (input: unknown): readonly [Length, Length] | undefined => {
    if (!Array.isArray(input) || input.length !== 2) return undefined;
    const [from, to] = input.map(placeOf);
    return from === undefined || to === undefined ? undefined : [from, to];
  },
  { form: { type: "array" as const, items: { ...PLACE }, minItems: 2, maxItems: 2 } },
);

function placeOf(input: unknown): Length | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(bar|beat)s?$/.exec(readText(input)?.trim() ?? "");
  if (match === null) return undefined;
  const value = Number(match[1]);
  const isBars = match[2] === "bar";
  if (value > (isBars ? MOST_TAKE_BARS : MOST_TAKE_BEATS)) return undefined;
  return { value, unit: isBars ? "bars" : "beats" };
}

/** The tempo and meter in which lengths of a take are counted. */
interface TakeGrid {
  readonly tempo: Bpm;
  readonly meter: Meter;
}

/** A length in bars or beats as bars. */
export const barsIn = (meter: Meter, { value, unit }: Length): number =>
  unit === "beats" ? value / beatsPerBar(meter) : value;

/** A length in seconds; 0 for none. */
export function secondsIn({ tempo, meter }: TakeGrid, length: Length | undefined): Seconds {
  if (length === undefined) return seconds(0);
  if (length.unit === "seconds") return seconds(length.value);
  return seconds(barsIn(meter, length) * secondsOf(ticksPerBar(meter), tempo));
}
