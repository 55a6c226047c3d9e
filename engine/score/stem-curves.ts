import { unitInterval } from "../time/units.ts";
import type { JsonForm } from "./json-form.ts";
import type { Point, StemLevel } from "./score.ts";
import { readCurve, readNumber, type Reader } from "./values.ts";

/** What stems do over intensity, within [0, 1]: a number, or a curve of 2–16 points. */

const BUSIEST = 4;

/** `0.4`: the intensity from which a stem is heard; `[[0.3, 0], [0.6, 1]]`: its level over intensity. */
export const readStemLevel: Reader<StemLevel> = Object.assign(
  (input: unknown): StemLevel | undefined => {
    const threshold = readNumber(0, 1)(input);
    return threshold === undefined ? curveWithin(input, 1) : unitInterval(threshold);
  },
  { form: numberOrCurve(1) },
);

/** `2`, `[[0, 1], [1, 4]]`: how busy a stem is, 0 – 4. */
export const readActivity: Reader<readonly Point[]> = Object.assign(
  (input: unknown): readonly Point[] | undefined => {
    const constant = readNumber(0, BUSIEST)(input);
    return constant === undefined ? curveWithin(input, BUSIEST) : [[0, constant]];
  },
  { form: numberOrCurve(BUSIEST) },
);

function curveWithin(input: unknown, most: number): readonly Point[] | undefined {
  const curve = readCurve(input);
  const inside = curve?.every(([at, to]) => at >= 0 && at <= 1 && to >= 0 && to <= most);
  return inside === true ? curve : undefined;
}

function numberOrCurve(most: number): JsonForm {
  const items: JsonForm = { type: "number", minimum: 0, maximum: most };
  return {
    anyOf: [
      items,
      { ...readCurve.form, items: { type: "array", items, minItems: 2, maxItems: 2 } },
    ],
  };
}
