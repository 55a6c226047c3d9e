import { parseKey, type Key } from "../music/key.ts";
import { seconds, type Seconds } from "../time/units.ts";
import type { SyncPoint } from "../time/section.ts";
import type { Length, Point } from "./score.ts";

/**
 * Reads the written forms of single values. Every reader takes whatever stands in the file and
 * answers undefined when it is not what it reads.
 */

export const SYNC_POINTS = ["immediate", "beat", "bar", "phrase"] as const;
/** A grid is no wider than this, or a change would wait for minutes. */
const WIDEST_GRID = 32;

/** The longest fade of each unit. */
const LONGEST: Readonly<Record<Length["unit"], number>> = {
  bars: 32,
  beats: 128,
  seconds: 60,
};

/** The largest bound of a signal's range, on either side. */
export const WIDEST = 1e9;

/** No written form is longer; it bounds the work of the patterns below. */
const MAX_TEXT = 200;

/** Letters, digits, `_`, `-` and `.` after a letter; no name that JavaScript objects come with. */
export const isName = (name: string): boolean =>
  NAME.test(name) && !Object.hasOwn(Object.prototype, name);

const NAME = /^\p{L}[\p{L}\p{N}_.-]{0,63}$/u;

/** A finite number within the bounds, both included; -0 becomes 0. */
export const readNumber =
  (least: number, most: number) =>
  (input: unknown): number | undefined =>
    typeof input === "number" && input >= least && input <= most ? input + 0 : undefined;

/** One of the given names. */
export const readOneOf =
  <Name extends string>(names: readonly Name[]) =>
  (input: unknown): Name | undefined =>
    names.find((name) => name === input);

/** Text that is not empty, at most 200 characters. */
export const readText = (input: unknown): string | undefined =>
  typeof input === "string" && input.trim() !== "" && input.length <= MAX_TEXT ? input : undefined;

export function readKey(input: unknown): Key | undefined {
  const text = readText(input);
  return text === undefined ? undefined : parseKey(text);
}

/** `1 bar`, `2 beats`, `400ms`, `1.5s`; milliseconds become seconds. */
export function readLength(input: unknown): Length | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(bars?|beats?|ms|s)$/.exec(readText(input)?.trim() ?? "");
  if (match === null) return undefined;
  const [, digits = "", word = ""] = match;
  const number = Number(digits);
  const length: Length =
    word === "ms"
      ? { value: number / 1000, unit: "seconds" }
      : { value: number, unit: UNITS[word] ?? "seconds" };
  return length.value <= LONGEST[length.unit] ? length : undefined;
}

const UNITS: Readonly<Record<string, Length["unit"]>> = {
  bar: "bars",
  bars: "bars",
  beat: "beats",
  beats: "beats",
};

/** One of `SYNC_POINTS`, or a grid such as `2 bars` or `3 beats`. */
export function readSyncPoint(input: unknown): SyncPoint | undefined {
  const named = SYNC_POINTS.find((name) => name === input);
  if (named !== undefined) return named;
  const grid = readLength(input);
  if (grid === undefined || grid.unit === "seconds") return undefined;
  const { value, unit } = grid;
  return Number.isInteger(value) && value >= 1 && value <= WIDEST_GRID
    ? `${value} ${unit}`
    : undefined;
}

/** `400ms`, `4s`: a length in clock time. */
export function readTime(input: unknown): Seconds | undefined {
  const length = readLength(input);
  return length?.unit === "seconds" ? seconds(length.value) : undefined;
}

/** `4 bars`: a whole number of bars, 2–8. */
export function readPhrase(input: unknown): number | undefined {
  const length = readLength(input);
  if (length?.unit !== "bars" || !Number.isInteger(length.value)) return undefined;
  return length.value >= 4 && length.value <= 8 ? length.value : undefined;
}

/** `[0, 100]`: two numbers, the smaller first. */
export function readRange(input: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(input) || input.length !== 2) return undefined;
  const [low, high] = input.map(readNumber(-WIDEST, WIDEST));
  if (low === undefined || high === undefined || low >= high) return undefined;
  return [low, high];
}

/** `[[0, 0], [80, 20], [100, 100]]`: 2 to 16 points, the first numbers rising. */
export function readCurve(input: unknown): readonly Point[] | undefined {
  if (!Array.isArray(input) || input.length < 2 || input.length > MOST_POINTS) return undefined;
  const points: Point[] = [];
  for (const item of input) {
    if (!Array.isArray(item) || item.length !== 2) return undefined;
    const [from, to] = item.map(readNumber(-WIDEST, WIDEST));
    if (from === undefined || to === undefined) return undefined;
    if (from <= (points.at(-1)?.[0] ?? -Infinity)) return undefined;
    points.push([from, to]);
  }
  return points;
}

const MOST_POINTS = 16;
