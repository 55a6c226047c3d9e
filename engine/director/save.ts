import { perStem } from "../music/stem.ts";
import type { Score } from "../score/score.ts";
import { barsUntil } from "../time/section.ts";
import { seconds, unitInterval, type Seconds } from "../time/units.ts";
import { locationNamed } from "./places.ts";
import { CONTROL_PERIOD } from "./timing.ts";
import { createDirectorState, type DirectorState } from "./state.ts";

/** The director's memory as plain JSON; moods, places and signals by their names. */
export interface SavedDirector {
  readonly signals: Readonly<
    Record<
      string,
      { readonly anchor: number; readonly anchoredAt: number; readonly target: number }
    >
  >;
  readonly location: string | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly rules: readonly { readonly holds: boolean; readonly freeFrom: number }[];
  readonly holds: readonly {
    readonly id: number;
    readonly mood: string;
    readonly priority: number;
    readonly lasts: number | null;
    readonly until: number | null;
  }[];
  /** Where the music was; null before it had begun. */
  readonly place: SavedPlace | null;
  readonly visits: Readonly<Record<string, number>>;
  readonly left: Readonly<Record<string, { readonly visit: number; readonly bar: number }>>;
  readonly stingersBegan: Readonly<Record<string, number>>;
  readonly hits: readonly {
    readonly name: string;
    readonly time: number;
    readonly strength: number;
  }[];
  readonly scale: number;
}

interface SavedPlace {
  readonly mood: string;
  readonly location: string | null;
  readonly visit: number;
  readonly bar: number;
  /** Of the tempo, on the way to a hit point. */
  readonly stretch: number;
}

export function saveDirector(state: DirectorState, at: Seconds): SavedDirector {
  return {
    signals: Object.fromEntries(
      [...state.signals].map(([name, { anchor, anchoredAt, target }]) => [
        name,
        { anchor, anchoredAt, target },
      ]),
    ),
    location: state.location ?? null,
    weights: state.weights,
    rules: state.rules,
    holds: state.holds.map(({ lasts, until, ...held }) => ({
      ...held,
      lasts: lasts ?? null,
      until: until === Infinity ? null : until,
    })),
    place: placeOf(state, at),
    visits: state.visits,
    left: state.left,
    stingersBegan: state.stingers.began,
    hits: state.hits,
    scale: state.scale,
  };
}

function placeOf({ section, reopening }: DirectorState, at: Seconds): SavedPlace | null {
  if (section === undefined) {
    if (reopening === undefined) return null;
    const { mood, location, visit, bar, stretch } = reopening;
    return { mood, location: location ?? null, visit, bar, stretch };
  }
  const { mood, location, visit, bridge, stretch } = section;
  return {
    mood: mood.name,
    location: location ?? null,
    visit,
    bar: bridge === undefined ? Math.max(0, barsUntil(section, at)) : 0,
    stretch,
  };
}

/**
 * The state from which the music goes on where it was. What the score no longer has is left out: its
 * signals begin anew, and where the mood is gone the score decides.
 */
export function restoreDirector(score: Score, saved: SavedDirector, time: Seconds): DirectorState {
  const fresh = createDirectorState(score);
  const isMood = (name: string): boolean => score.moods.some((mood) => mood.name === name);
  const place = saved.place !== null && isMood(saved.place.mood) ? saved.place : undefined;
  const locationOf = (name: string | null): string | undefined =>
    locationNamed(score, name ?? undefined)?.name ?? fresh.location;
  const signals = new Map(
    [...fresh.signals].map(([name, signal]) => {
      const was = Object.hasOwn(saved.signals, name) ? saved.signals[name] : undefined;
      return [name, was ? { ...signal, ...was, anchoredAt: seconds(was.anchoredAt) } : signal];
    }),
  );
  const known = Object.entries(saved.weights).filter(([name]) => locationNamed(score, name));
  return {
    ...fresh,
    controlPoints: Math.ceil(time / CONTROL_PERIOD - 1e-6),
    signals,
    location: locationOf(saved.location),
    weights: known.length > 0 ? Object.fromEntries(known) : fresh.weights,
    rules: fresh.rules.map((rule, index) => {
      const was = saved.rules[index];
      return was ? { holds: was.holds, freeFrom: seconds(was.freeFrom) } : rule;
    }),
    holds: saved.holds
      .filter(({ mood }) => isMood(mood))
      .map(({ lasts, until, ...held }) => ({
        ...held,
        lasts: lasts === null ? undefined : seconds(lasts),
        until: seconds(until ?? Infinity),
      })),
    reopening: place && {
      mood: place.mood,
      location: locationOf(place.location),
      visit: place.visit,
      bar: place.bar,
      at: time,
      stretch: place.stretch,
    },
    layers: perStem(() => undefined),
    visits: saved.visits,
    left: saved.left,
    stingers: {
      ...fresh.stingers,
      began: Object.fromEntries(
        Object.entries(saved.stingersBegan).map(([name, at]) => [name, seconds(at)]),
      ),
    },
    hits: saved.hits.map((hit) => ({
      name: hit.name,
      time: seconds(hit.time),
      strength: unitInterval(hit.strength),
    })),
    scale: saved.scale,
  };
}
