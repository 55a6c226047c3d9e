/** What a mood says that takes none of what it would inherit. */
export const NONE = "none";

/**
 * A mood, the one that it inherits from, that one's, and so on. A mood that inherits from itself in the
 * end is where the line stops; `relations.ts` reports it.
 */
export function lineOf(
  name: string,
  moods: Readonly<Record<string, { readonly inherit?: string | undefined } | undefined>>,
): readonly string[] {
  const line = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !line.has(next);) {
    line.add(next);
    next = Object.hasOwn(moods, next) ? moods[next]?.inherit : undefined;
  }
  return [...line];
}
