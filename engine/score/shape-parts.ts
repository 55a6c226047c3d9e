import * as z from "zod/mini";
import { unitInterval, type UnitInterval } from "../time/units.ts";
import type { Reading } from "../music/reading.ts";
import { expectedAt, oneOf } from "./issue.ts";
import type { JsonForm } from "./json-form.ts";
import type { IssueParams } from "./shape-problem.ts";
import * as read from "./values.ts";

/** What the shape of a score is built of. */

type Names = readonly string[];
type Value<Out> = z.ZodMiniTransform<Awaited<Out>>;
/** What takes another form as well. */
type Also<Schema extends z.core.$ZodType> = z.ZodMiniPipe<z.ZodMiniTransform, Schema>;
type Named<Schema extends z.core.$ZodType> = Also<z.ZodMiniRecord<z.ZodMiniString, Schema>>;

/** What transforms take, and what pipes take beside what they lead to: zod cannot know either. */
export const forms: z.core.$ZodRegistry<JsonForm> = z.registry<JsonForm>();
/** The form that a part of the score was given here. */
export const formOf = (schema: z.core.$ZodType): JsonForm | undefined => forms.get(schema);

/** Refuses with `expected` and what the grammar makes of the text. */
export function sentence<Out>(
  expected: string,
  grammar: (text: string) => Reading<Out>,
): Value<Out> {
  const schema = z.transform((input: unknown, context): Out => {
    const text = read.readText(input);
    const reading = text === undefined ? undefined : grammar(text);
    if (reading?.ok === true) return reading.value;
    const where = reading === undefined ? "" : `: ${expectedAt(reading)}`;
    const params: IssueParams = { names: [] };
    context.issues.push({ code: "custom", input, message: `${expected}${where}`, params });
    return z.NEVER;
  });
  forms.add(schema, { ...read.readText.form, errorMessage: `expected ${expected}` });
  return schema;
}

/** Refuses with `expected`; `names` are what a misspelt text may have meant. */
export function value<Out>(
  expected: string,
  reader: read.Reader<Out>,
  names: Names = [],
): Value<Out> {
  const schema = z.transform((input: unknown, context): Out => {
    const out = reader(input);
    if (out !== undefined) return out;
    const params: IssueParams = { names };
    context.issues.push({ code: "custom", input, message: expected, params });
    return z.NEVER;
  });
  forms.add(schema, { ...reader.form, errorMessage: `expected ${expected}` });
  return schema;
}

export const option = <const Name extends string>(
  names: readonly Name[],
): z.ZodMiniOptional<Value<Name>> => z.optional(value(oneOf(names), read.readOneOf(names), names));

/** A map that takes these keys alone; `later` are keys that this version does not support yet. */
export function map<Fields extends z.core.$ZodShape>(
  fields: Fields,
  later: Names = [],
): z.ZodMiniObject<z.core.util.Writeable<Fields>, z.core.$catchall<Value<undefined>>> {
  const names = Object.keys(fields);
  const unknownKey = z.transform((input: unknown, context): undefined => {
    const params: IssueParams = { names, later };
    context.issues.push({ code: "custom", input, message: oneOf(names), params });
  });
  forms.add(unknownKey, { not: {} });
  return z.catchall(z.object(fields, `a map of ${names.join(", ")}`), unknownKey);
}

/** Takes what `schema` takes, and another form that `full` turns into that. */
export function also<Schema extends z.core.$ZodType>(
  form: JsonForm | undefined,
  full: (input: unknown) => unknown,
  schema: Schema,
): Also<Schema> {
  const pipe = z.pipe(z.transform(full), schema);
  if (form !== undefined) forms.add(pipe, form);
  return pipe;
}

/** A key without a value stands for an empty map or list: everything keeps its default. */
export const orEmpty = <Schema extends z.core.$ZodType>(
  empty: unknown,
  schema: Schema,
): Also<Schema> => also({ type: "null" }, (input) => input ?? empty, schema);

export const named = <Schema extends z.core.$ZodType>(
  what: string,
  schema: Schema,
): Named<Also<Schema>> =>
  orEmpty({}, z.record(z.string(), orEmpty({}, schema), `a map from names to ${what}`));

export const namedTexts = <Schema extends z.core.$ZodType>(
  what: string,
  schema: Schema,
): Named<Schema> => orEmpty({}, z.record(z.string(), schema, `a map from names to ${what}`));

export const list = <Schema extends z.core.$ZodType>(
  what: string,
  schema: Schema,
): z.ZodMiniOptional<Also<z.ZodMiniArray<Schema>>> =>
  z.optional(orEmpty([], z.array(schema, `a list of ${what}`)));

export const name: Value<string> = value("a name", read.readText);

export const share: Value<UnitInterval> = value(
  "a number within [0, 1]",
  read.mapped(read.readNumber(0, 1), unitInterval),
);
