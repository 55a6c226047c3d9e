import * as z from "zod/mini";
import { DESCRIPTIONS } from "./descriptions.ts";
import { scoreShape } from "./shape.ts";
import { formOf } from "./shape-parts.ts";
import { isMap, MOST } from "./raw.ts";
import { NAME } from "./values.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * The score script as JSON Schema (draft 7), for editors: what every value by itself may be, from the
 * shape that `parseScore` checks, and what every key means. What values say of each other is left to
 * `attacca check`. Throws where a key has no form or no description.
 */
export function scoreJsonSchema(): JsonSchema {
  // The output's side: there a key whose transform refuses nothing counts as required.
  const schema: JsonSchema = z.toJSONSchema(scoreShape, {
    target: "draft-07",
    io: "output",
    unrepresentable: ({ zodSchema }) => formOf(zodSchema) ?? "throw",
    override: ({ zodSchema, jsonSchema }) => {
      refine(zodSchema, jsonSchema);
    },
  });
  for (const [section, most] of Object.entries(MOST)) {
    const part = asSchema(schema.properties?.[section]);
    part[asSchema(part.items).type === undefined ? "maxProperties" : "maxItems"] = most;
  }
  Object.assign(asSchema(schema.properties?.["moods"]), { type: "object", minProperties: 1 });
  explain(schema, "score");
  const title = "Attacca score";
  const description = "Which moods the music of a game has, and how it goes from one to another.";
  return { title, description, ...schema };
}

/** What zod cannot know of a part of the score. */
function refine(schema: z.core.$ZodType, json: JsonSchema): void {
  if (json.properties !== undefined) json.additionalProperties = false;
  if (json.propertyNames !== undefined) json.propertyNames = { pattern: NAME.source };
  const other = schema instanceof z.core.$ZodPipe ? formOf(schema) : undefined;
  if (other === undefined) return;
  if (other.type === "null" && typeof json.type === "string") {
    json.type = [json.type, "null"];
  } else {
    const full = { ...json };
    for (const key of Object.keys(json)) delete json[key];
    json.anyOf = [other, full];
  }
}

/** Puts its description to every key of the map that stands at `key`, and of the maps within. */
function explain(schema: JsonSchema, key: string): void {
  const descriptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...DESCRIPTIONS,
  };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const description = descriptions[key]?.[name];
    if (description === undefined) throw new Error(`descriptions.ts lacks ${name} of ${key}`);
    Object.assign(asSchema(part), { description });
    for (const map of mapsWithin(asSchema(part))) explain(map, name);
  }
}

/** A schema itself and, where it is of a list, of names or one of several, those of its parts. */
const mapsWithin = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...[schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])]
    .filter((part) => part !== undefined)
    .map(asSchema),
];

const asSchema = (part: unknown): JsonSchema => (isMap(part) ? part : {});
