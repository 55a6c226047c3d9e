/** What became of a written text: its meaning, or what stands where something else was expected. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly found: string; readonly expected: string };
