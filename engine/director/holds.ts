import type { Length } from "../score/score.ts";
import type { Seconds } from "../time/units.ts";
import type { DirectorState, Hold } from "./state.ts";

/** Moods held at once; of more the oldest are let go. */
const MOST_HOLDS = 32;

export interface HoldWish {
  readonly id: number;
  readonly mood: string;
  readonly priority: number;
  /** Counted from when the mood begins; undefined: until it is released. */
  readonly lasts: Length | undefined;
}

/** Puts a mood on top of the others; its length is counted in its own tempo. */
export function hold(
  state: DirectorState,
  wish: HoldWish,
  lasts: Seconds | undefined,
): DirectorState {
  const { id, mood, priority } = wish;
  const held: Hold = { id, mood, priority, lasts, since: undefined };
  return { ...state, holds: [...state.holds, held].slice(-MOST_HOLDS) };
}

export const release = (state: DirectorState, id: number): DirectorState => ({
  ...state,
  holds: state.holds.filter((held) => held.id !== id),
});

export const releaseMood = (state: DirectorState, mood: string): DirectorState => ({
  ...state,
  holds: state.holds.filter((held) => held.mood !== mood),
});

/** The time of a hold runs from when its mood begins, whichever way that came about; when it is over the hold is let go. */
export function tendHolds(state: DirectorState, at: Seconds): DirectorState {
  const { section, holds } = state;
  if (holds.length === 0 || section === undefined || section.bridge !== undefined) return state;
  const running = holds.map((held): Hold => {
    const begins =
      held.since === undefined && held.mood === section.mood.name && at >= section.entersAt;
    return begins ? { ...held, since: at } : held;
  });
  const kept = running.filter((held) => !isOver(held, at));
  const same = kept.length === holds.length && kept.every((held, place) => held === holds[place]);
  return same ? state : { ...state, holds: kept };
}

const isOver = ({ since, lasts }: Hold, at: Seconds): boolean =>
  since !== undefined && lasts !== undefined && at >= since + lasts;
