import type { Length } from "../score/score.ts";
import { seconds, type Seconds } from "../time/units.ts";
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
  const held: Hold = { id, mood, priority, lasts, until: seconds(Infinity) };
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

/** The time of a hold runs from when its mood begins; one that has ended lets go early enough to leave in time. */
export function tendHolds(state: DirectorState, at: Seconds): DirectorState {
  const { section, holds } = state;
  if (holds.length === 0 || section === undefined || section.bridge !== undefined) return state;
  const running = holds.map((held): Hold => {
    const begins =
      held.lasts !== undefined &&
      held.until === Infinity &&
      held.mood === section.mood.name &&
      at >= section.entersAt;
    if (!begins) return held;
    return { ...held, until: seconds(Math.max(at, section.entersAt) + (held.lasts ?? 0)) };
  });
  const kept = running.filter(({ until }) => at < until);
  const same = kept.length === holds.length && kept.every((held, place) => held === holds[place]);
  return same ? state : { ...state, holds: kept };
}
