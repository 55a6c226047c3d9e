import { nameOfBlend } from "../music/blend.ts";
import { MODES, parseKey, type Key } from "../music/key.ts";
import type { SyncPoint } from "../time/sync-point.ts";
import {
  decibels,
  seconds,
  unitInterval,
  type Decibels,
  type Seconds,
  type UnitInterval,
} from "../time/units.ts";
import { decimalUpTo, textForm, wholeWithin, type JsonForm } from "./json-form.ts";
import { lengthOf, LONGEST, MAX_TEXT } from "./length.ts";
import type { Length, Point } from "./score.ts";

/**
 * Reads the written forms of single values. Every reader takes whatever stands in the file and
 * answers undefined when it is not what it reads; `form` says the same to editors.
 */
export interface Reader<Out> {
  (input: unknown): Out | undefined;
  readonly form: JsonForm;
}

const reader = <Out>(form: JsonForm, read: (input: unknown) => Out | undefined): Reader<Out> =>
  Object.assign(read, { form });

export const SYNC_POINTS = ["immediate", "beat", "bar", "phrase", "marker"] as const;
/** A grid is no wider than this, or a change would wait for minutes. */
const WIDEST_GRID = 32;

/** The largest bound of a signal's range, on either side. */
export const WIDEST = 1e9;

/** Letters, digits, `_`, `-` and `.` after a letter; no name that JavaScript objects come with. */
export const isName = (name: string): boolean =>
  NAME.test(name) && !Object.hasOwn(Object.prototype, name);

/** What a name looks like that an author chooses. */
export const NAME: RegExp = /^\p{L}[\p{L}\p{N}_.-]{0,63}$/u;

/** A finite number within the bounds, both included; -0 becomes 0. */
export const readNumber = (least: number, most: number): Reader<number> =>
  reader({ type: "number", minimum: least, maximum: most }, (input) =>
    typeof input === "number" && input >= least && input <= most ? input + 0 : undefined,
  );

/** Reads what `from` reads, as another type. */
export const mapped = <In, Out>(from: Reader<In>, to: (value: In) => Out): Reader<Out> =>
  reader(from.form, (input) => {
    const value = from(input);
    return value === undefined ? undefined : to(value);
  });

/** One of the given values, mostly names. */
export const readOneOf = <Value extends string | number>(values: readonly Value[]): Reader<Value> =>
  reader({ enum: [...values] }, (input) => values.find((value) => value === input));

/** Text that is not empty. */
export const readTextUpTo = (most: number): Reader<string> =>
  reader({ type: "string", pattern: "\\S", maxLength: most }, (input) =>
    typeof input === "string" && input.trim() !== "" && input.length <= most ? input : undefined,
  );

/** Text that is not empty, at most 200 characters. */
export const readText: Reader<string> = readTextUpTo(MAX_TEXT);

const KEY = `[A-Ga-g][#b♯♭]?\\s+(?:major|minor|${MODES.join("|")})`;

/** `D dorian`, `F# minor`. */
export const readKey: Reader<Key> = reader(
  textForm(KEY, ["D dorian", "F# minor", "Bb major"]),
  (input) => {
    const text = readText(input);
    return text === undefined ? undefined : parseKey(text);
  },
);

const BARS = `${decimalUpTo(LONGEST.bars)} ?bars?`;
const BEATS = `${decimalUpTo(LONGEST.beats)} ?beats?`;
const TIME = `${decimalUpTo(LONGEST.seconds * 1000)} ?ms|${decimalUpTo(LONGEST.seconds)} ?s`;

/** `1 bar`, `2 beats`, `400ms`, `1.5s`; milliseconds become seconds. */
export const readLength: Reader<Length> = reader(
  textForm(`${BARS}|${BEATS}|${TIME}`, ["1 bar", "2 beats", "400ms"]),
  lengthOf,
);

const GRID = `${wholeWithin(1, WIDEST_GRID)} ?(?:bars?|beats?)`;

/** One of `SYNC_POINTS`, `marker` and its name, or a grid such as `2 bars` or `3 beats`. */
export const readSyncPoint: Reader<SyncPoint> = reader(
  {
    anyOf: [
      { enum: [...SYNC_POINTS] },
      textForm(GRID, ["2 bars", "3 beats"]),
      { type: "string", pattern: `^marker ${NAME.source.slice(1)}` },
    ],
  },
  syncPointOf,
);

function syncPointOf(input: unknown): SyncPoint | undefined {
  const named = SYNC_POINTS.find((name) => name === input);
  if (named !== undefined) return named;
  const marker = /^marker (.+)$/.exec(readText(input) ?? "")?.[1];
  if (marker !== undefined) return isName(marker) ? `marker ${marker}` : undefined;
  const grid = readLength(input);
  if (grid === undefined || grid.unit === "seconds") return undefined;
  const { value, unit } = grid;
  return Number.isInteger(value) && value >= 1 && value <= WIDEST_GRID
    ? `${value} ${unit}`
    : undefined;
}

/** `2 bars`, `3 beats`: a length in musical time. */
export const readPosition: Reader<Length> = reader(
  textForm(`${BARS}|${BEATS}`, ["2 bars", "3 beats"]),
  (input) => {
    const length = readLength(input);
    return length?.unit === "seconds" ? undefined : length;
  },
);

/** A whole number within the bounds, both included. */
export const readCount = (least: number, most: number): Reader<number> =>
  reader({ type: "integer", minimum: least, maximum: most }, (input) =>
    Number.isInteger(input) ? readNumber(least, most)(input) : undefined,
  );

/** `400ms`, `4s`: a length in clock time. */
export const readTime: Reader<Seconds> = reader(textForm(TIME, ["400ms", "4s"]), (input) => {
  const length = readLength(input);
  return length?.unit === "seconds" ? seconds(length.value) : undefined;
});

/** `4 bars`: a whole number of bars, 4–8. */
export const readPhrase: Reader<number> = reader(
  textForm(`${wholeWithin(4, 8)} ?bars?`, ["4 bars", "8 bars"]),
  (input) => {
    const length = readLength(input);
    if (length?.unit !== "bars" || !Number.isInteger(length.value)) return undefined;
    return length.value >= 4 && length.value <= 8 ? length.value : undefined;
  },
);

/** `2 bars`: a whole number of bars, 1 to `most`. */
export const readBars = (most: number): Reader<Length> =>
  reader(textForm(`${wholeWithin(1, most)} ?bars?`, ["1 bar", `${most} bars`]), (input) => {
    const length = readLength(input);
    if (length?.unit !== "bars" || !Number.isInteger(length.value)) return undefined;
    return length.value >= 1 && length.value <= most ? length : undefined;
  });

/** `none`, which is no bar, or 1 to 8 whole bars. */
export const readBridge: Reader<Length> = reader(
  { anyOf: [{ enum: ["none"] }, readBars(8).form] },
  (input) => (input === "none" ? { value: 0, unit: "bars" } : readBars(8)(input)),
);

/** `-4dB`: a level within [-60, 0]. */
export const readLevel: Reader<Decibels> = reader(
  textForm(`(?:-${decimalUpTo(60)}|0+(?:\\.0+)?) ?dB`, ["-4dB", "0dB"]),
  (input) => {
    const match = /^(-?\d+(?:\.\d+)?) ?dB$/.exec(readText(input)?.trim() ?? "");
    const level = Number(match?.[1] ?? Number.NaN) + 0;
    return level >= -60 && level <= 0 ? decibels(level) : undefined;
  },
);

/** Names of palettes have no spaces, those of blends do. */
const PALETTE: JsonForm = { type: "string", pattern: "^\\S+$", maxLength: MAX_TEXT };
const WEIGHT: JsonForm = { type: "number", exclusiveMinimum: 0, maximum: 1 };

/** What `readPalette` reads, in words. */
export const PALETTES =
  "the name of a palette, a list of two such as [plucked, wooden], or weights such as { plucked: 0.6, wooden: 0.4 }";

/** `plucked`, `[plucked, wooden]` or `{ plucked: 0.6, wooden: 0.4 }`: a palette, or two that are blended. */
export const readPalette: Reader<string> = reader(
  {
    anyOf: [
      readText.form,
      {
        type: "array",
        items: PALETTE,
        minItems: 2,
        maxItems: 2,
        uniqueItems: true,
        examples: [["plucked", "wooden"]],
      },
      {
        type: "object",
        propertyNames: PALETTE,
        additionalProperties: WEIGHT,
        minProperties: 2,
        maxProperties: 2,
        examples: [{ plucked: 0.6, wooden: 0.4 }],
      },
    ],
  },
  (input) => {
    if (typeof input !== "object" || input === null) return readText(input);
    const isList = Array.isArray(input);
    const weights: readonly (readonly [unknown, unknown])[] = isList
      ? input.map((name: unknown) => [name, 1] as const)
      : Object.entries(input);
    const [one, other, ...more] = weights.map(([name, weight]) => ({
      name: /^\S+$/.test(readText(name) ?? "") ? readText(name) : undefined,
      weight: readNumber(0, 1)(weight) ?? 0,
    }));
    if (one?.name === undefined || other?.name === undefined || more.length > 0) return undefined;
    if (one.name === other.name || one.weight === 0 || other.weight === 0) return undefined;
    return nameOfBlend([one.name, other.name], [one.weight, other.weight]);
  },
);

/** As a list of two: draft 7 and drafts after it write tuples differently. */
const PAIR: JsonForm = {
  type: "array",
  items: { type: "number", minimum: -WIDEST, maximum: WIDEST },
  minItems: 2,
  maxItems: 2,
};

/** `[0, 100]`: two numbers, the smaller first. */
export const readRange: Reader<readonly [number, number]> = reader(
  { ...PAIR, examples: [[0, 100]] },
  rangeOf,
);

function rangeOf(input: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(input) || input.length !== 2) return undefined;
  const [low, high] = input.map(readNumber(-WIDEST, WIDEST));
  if (low === undefined || high === undefined || low >= high) return undefined;
  return [low, high];
}

/** `[0.6, 0.95]`: two numbers within [0, 1], the smaller first. */
export const readShares: Reader<readonly [UnitInterval, UnitInterval]> = reader(
  {
    ...PAIR,
    items: { type: "number", minimum: 0, maximum: 1 },
    examples: [[0.6, 0.95]],
  },
  (input) => {
    const [low, high] = rangeOf(input) ?? [-1, -1];
    return low >= 0 && high <= 1 ? [unitInterval(low), unitInterval(high)] : undefined;
  },
);

const MOST_POINTS = 16;

/** `[[0, 0], [80, 20], [100, 100]]`: 2 to 16 points, the first numbers rising. */
export const readCurve: Reader<readonly Point[]> = reader(
  { type: "array", items: { ...PAIR }, minItems: 2, maxItems: MOST_POINTS },
  curveOf,
);

function curveOf(input: unknown): readonly Point[] | undefined {
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
