import type { Stem } from "../music/stem.ts";
import { chunkName } from "./chunks.ts";
import { partCount, type Phrase } from "./phrase.ts";

/** Names half a bar of an authored take: the notes may be with the renderer still, from before the take was there. */
export const authoredName = (stem: Stem, part: number): string =>
  `authored ${chunkName(stem, part)}`;

/** Whether every stem of a part is rendered, played or given up. */
export const isHandled = ({ plan, authored, handled }: Phrase, part: number): boolean =>
  plan.stems.every((stem) => {
    const name = authored.has(stem) ? authoredName(stem, part) : chunkName(stem, part);
    return handled.has(name);
  });

export const soundingStems = ({ plan, take, authored }: Phrase): readonly Stem[] =>
  plan.stems.filter(
    (stem) => authored.has(stem) || take === undefined || take.notes[stem].length > 0,
  );

/** How many chunks of a phrase's first `parts` half bars are not rendered yet. */
export const missingChunks = (phrase: Phrase, parts: number): number => {
  const names = soundingStems(phrase).flatMap((stem) =>
    Array.from({ length: Math.min(parts, partCount(phrase)) }, (_, part) => chunkName(stem, part)),
  );
  return names.filter((name) => !phrase.ahead.has(name)).length;
};
