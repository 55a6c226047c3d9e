import type { core } from "zod/mini";

/** What a value looks like, in the words of JSON Schema (draft 7). */
export type JsonForm = Readonly<core.JSONSchema.JSONSchema>;

/** A text of this pattern, spaces around it aside. */
export const textForm = (pattern: string, examples: readonly string[]): JsonForm => ({
  type: "string",
  pattern: `^\\s*(?:${pattern})\\s*$`,
  examples: [...examples],
});

/** The pattern of decimal numbers within [0, `most`], a whole number above 0. */
export function decimalUpTo(most: number): string {
  const digits = String(most);
  const fewer = digits.length > 1 ? [`\\d{1,${digits.length - 1}}`] : [];
  const below = Array.from(digits).flatMap((digit, place) => {
    if (digit === "0") return [];
    const rest = digits.length - place - 1;
    const first = `${digits.slice(0, place)}[0-${Number(digit) - 1}]`;
    return [rest > 0 ? `${first}\\d{${rest}}` : first];
  });
  return `0*(?:(?:${[...fewer, ...below].join("|")})(?:\\.\\d+)?|${digits}(?:\\.0+)?)`;
}

/** The pattern of whole numbers within the bounds, both included. */
export const wholeWithin = (least: number, most: number): string => {
  const numbers = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return `0*(?:${numbers.join("|")})(?:\\.0+)?`;
};
