import type { Length } from "./score.ts";

/** No written form is longer, in characters; it bounds the work of the patterns. */
export const MAX_TEXT = 200;

/** The longest fade of each unit. */
export const LONGEST: Readonly<Record<Length["unit"], number>> = {
  bars: 32,
  beats: 128,
  seconds: 60,
};

const UNITS: Readonly<Record<string, Length["unit"]>> = {
  bar: "bars",
  bars: "bars",
  beat: "beats",
  beats: "beats",
};

/** `1 bar`, `2 beats`, `400ms`, `1.5s`, up to `LONGEST`; milliseconds become seconds. Undefined for anything else. */
export function lengthOf(input: unknown): Length | undefined {
  if (typeof input !== "string" || input.length > MAX_TEXT) return undefined;
  const match = /^(\d+(?:\.\d+)?) ?(bars?|beats?|ms|s)$/.exec(input.trim());
  if (match === null) return undefined;
  const [, digits = "", word = ""] = match;
  const number = Number(digits);
  const length: Length =
    word === "ms"
      ? { value: number / 1000, unit: "seconds" }
      : { value: number, unit: UNITS[word] ?? "seconds" };
  return length.value <= LONGEST[length.unit] ? length : undefined;
}
