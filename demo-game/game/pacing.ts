/** A game that lets its music rest: every third phrase of quiet walking is one of few notes. */
export interface Pacing {
  readonly phrases: number;
  /** 1 while the music is to rest. */
  readonly breath: number;
}

const EVERY = 3;

export const newPacing = (): Pacing => ({ phrases: 0, breath: 0 });

/** A phrase of a mood begins; moods that are no quiet walking begin the count anew. */
export function stepPacing({ phrases, breath }: Pacing, isQuiet: boolean): Pacing {
  if (!isQuiet) return newPacing();
  // The rest itself begins: it lasts one phrase.
  if (breath === 1) return newPacing();
  const now = phrases + 1;
  return { phrases: now, breath: now >= EVERY - 1 ? 1 : 0 };
}
