import { describe, type Path } from "./issue.ts";
import { asList, type Note } from "./raw.ts";

/** Checks that there is at least one stem in a list or map of them, and each but once. */
export function checkStems(path: Path, stems: unknown, note: Note): void {
  const isEmpty = typeof stems === "object" && stems !== null && Object.keys(stems).length === 0;
  if (isEmpty) note({ path, found: "no stem", expected: "at least one stem" });
  const seen = new Set<unknown>();
  for (const [index, stem] of asList(stems).entries()) {
    if (typeof stem === "string" && seen.has(stem)) {
      const found = `${describe(stem)} a second time`;
      note({ path: [...path, index], found, expected: "each stem once" });
    }
    seen.add(stem);
  }
}
