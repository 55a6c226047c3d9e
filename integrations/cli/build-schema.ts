/**
 * Writes the JSON Schema of scores, `engine/score/score.schema.json`, from the shape that the engine
 * checks them with. `npm run schema`, whenever that shape or what is said of its keys has changed.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { scoreJsonSchema } from "../../engine/score/json-schema.ts";

const OUTPUT = fileURLToPath(new URL("../../engine/score/score.schema.json", import.meta.url));

const text = JSON.stringify(scoreJsonSchema());
const style = await resolveConfig(OUTPUT);
await writeFile(OUTPUT, await format(text, { ...style, filepath: OUTPUT, parser: "json" }));
console.log("engine/score/score.schema.json is up to date");
