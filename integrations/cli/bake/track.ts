import type { GameEvent } from "../../../engine/director/event.ts";
import type { Mood } from "../../../engine/score/score.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf } from "../../../engine/time/section.ts";
import { bpm, seconds, type Bpm } from "../../../engine/time/units.ts";
import { BakeError } from "./bake-error.ts";
import type { GivenScore } from "./given-score.ts";
import type { Piece } from "./performance.ts";

/** A track of one mood. */
export interface TrackWish {
  readonly mood: string | undefined;
  readonly location: string | undefined;
  /** Seconds until the last bar ends; what rings comes after it. */
  readonly duration: number;
  readonly seed: number;
  /** 0–1; undefined: the mood's arousal. */
  readonly intensity: number | undefined;
  /** A loop has no ending, and whole phrases of the form. */
  readonly loops: boolean;
}

/** A piece that lasts a whole number of bars. */
export interface Track extends Piece {
  readonly mood: Mood;
  readonly bars: number;
}

/** The tempo is changed by at most this, so that the last bar line falls on the wished-for second. */
const MOST_STRETCH = 0.03;
/** Recorded for what has always been so. */
const BEFORE = seconds(-1);
const ABOVE_ALL = Number.MAX_SAFE_INTEGER;

/**
 * A mood for so long: the nearest whole number of bars, in the mood's tempo or up to 3 % beside it. It ends in
 * a cadence. Throws `BakeError` where the score lacks the mood or place.
 */
export function trackOf({ score, themes }: GivenScore, wish: TrackWish): Track {
  const { location, seed, loops } = wish;
  const name = wish.mood ?? score.moods[0]?.name ?? "";
  const found = score.moods.find((mood) => mood.name === name);
  const known = score.moods.map((mood) => mood.name).join(", ");
  if (found === undefined) throw new BakeError(`the score has no mood "${name}"; it has ${known}`);
  if (location !== undefined && !score.locations.some((place) => place.name === location)) {
    throw new BakeError(`the score has no location "${location}"`);
  }
  const { bars, tempo } = fitBars(found, wish.duration, loops ? found.phrase : 1);
  const mood = { ...found, tempo };
  const end = seconds(bars * secondsOf(ticksPerBar(mood.meter), tempo));
  const hold: GameEvent = {
    kind: "hold",
    at: BEFORE,
    id: 0,
    mood: name,
    priority: ABOVE_ALL,
    lasts: undefined,
  };
  const events: GameEvent[] = [
    ...(location === undefined ? [] : [{ kind: "location", at: BEFORE, name: location } as const]),
    { kind: "signal", at: BEFORE, name: "intensity", value: wish.intensity ?? mood.arousal },
    hold,
  ];
  return {
    score: { ...score, moods: score.moods.map((each) => (each === found ? mood : each)) },
    themes,
    seed,
    events,
    end,
    mood,
    bars,
    ending: {
      mood,
      phrase: Math.floor((bars - 1) / mood.phrase),
      bar: (bars - 1) % mood.phrase,
      comesHome: !loops,
    },
  };
}

/** The number of bars, in whole units, that comes nearest, and the tempo in which they last as long. */
function fitBars(
  { meter, tempo }: Mood,
  duration: number,
  unit: number,
): { readonly bars: number; readonly tempo: Bpm } {
  const barSeconds = secondsOf(ticksPerBar(meter), tempo);
  const bars = unit * Math.max(1, Math.round(duration / (barSeconds * unit)));
  const exact = (bars * barSeconds) / duration;
  const isNear = Math.abs(exact - 1) <= MOST_STRETCH;
  return { bars, tempo: isNear ? bpm(tempo * exact) : tempo };
}
