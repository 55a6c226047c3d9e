import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** The schema as it is shipped. */
export const shippedSchema: object = JSON.parse(
  readFileSync(new URL("../../engine/score/score.schema.json", import.meta.url), "utf8"),
);

// Editors show `errorMessage`; a key that may be empty has two types.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addKeyword("errorMessage");
const validate = ajv.compile(shippedSchema);

/** Where data is no score for the schema, as JSON pointers; empty where it is one. */
export function refusedAt(data: unknown): readonly string[] {
  validate(data);
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))];
}
