import { decibels, unitInterval, type Decibels, type UnitInterval } from "../time/units.ts";
import { NONE } from "./inheritance.ts";
import { decimalUpTo, textForm } from "./json-form.ts";
import { readNumber, readText, type Reader } from "./values.ts";

/** Values of palettes of a score's own. */

const gainWithin =
  (least: number, most: number) =>
  (input: unknown): Decibels | undefined => {
    const match = /^([+-]?\d+(?:\.\d+)?) ?dB$/.exec(readText(input)?.trim() ?? "");
    const gain = Number(match?.[1] ?? Number.NaN) + 0;
    return gain >= least && gain <= most ? decibels(gain) : undefined;
  };

/** `-4dB`, `6dB`: a gain within [-60, 24]. */
export const readGain: Reader<Decibels> = Object.assign(gainWithin(-60, 24), {
  form: textForm(`(?:-${decimalUpTo(60)}|\\+?${decimalUpTo(24)}) ?dB`, ["-4dB", "6dB"]),
});

/** `3dB`: by how much held notes grow, within [0, 12]. */
export const readSwell: Reader<Decibels> = Object.assign(gainWithin(0, 12), {
  form: textForm(`\\+?${decimalUpTo(12)} ?dB`, ["3dB"]),
});

/** `0.6`, an intensity, or `none`. */
export const readRoll: Reader<UnitInterval | typeof NONE> = Object.assign(
  (input: unknown): UnitInterval | typeof NONE | undefined => {
    if (input === NONE) return NONE;
    const from = readNumber(0, 1)(input);
    return from === undefined ? undefined : unitInterval(from);
  },
  { form: { anyOf: [{ enum: [NONE] }, readNumber(0, 1).form] } },
);
