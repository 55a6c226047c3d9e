import type { Problem } from "./issue.ts";
import type { Score } from "./score.ts";

/** Palettes that no place names, and soundfonts of which nothing is played. */
export function* unplayedPalettes(score: Score): Generator<Problem> {
  const named = new Set([score.palette, ...score.locations.map(({ palette }) => palette)]);
  for (const { name, font, voices } of score.palettes ?? []) {
    if (!named.has(name)) {
      const expected = "the score or a location that names it";
      yield {
        path: ["palettes", name],
        at: "key",
        found: "a palette that nothing names",
        expected,
      };
    }
    const isPlayed = Object.values(voices).some(({ instrument }) => instrument !== undefined);
    if (font === undefined || isPlayed) continue;
    const expected = 'a voice with a "program" of it';
    yield {
      path: ["palettes", name, "font"],
      found: "a soundfont of which nothing is played",
      expected,
    };
  }
}
