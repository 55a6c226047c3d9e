import { readForm, type Form } from "../../engine/music/form.ts";
import type { Mode } from "../../engine/music/key.ts";
import type { Reading } from "../../engine/music/reading.ts";
import { chordsIn, readNumerals, type Progression } from "../../engine/music/roman.ts";

function valueOf<Value>(reading: Reading<Value>): Value {
  if (!reading.ok) throw new Error(`${reading.expected} where ${reading.found} stands`);
  return reading.value;
}

/** A form as a score writes it. */
export const formOf = (text: string): Form => valueOf(readForm(text));

/** A progression as a score writes it, in a mode. */
export const progressionOf = (text: string, mode: Mode): Progression =>
  chordsIn(mode, valueOf(readNumerals(text)));
