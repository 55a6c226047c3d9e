import type { Mood } from "../../../engine/score/score.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf } from "../../../engine/time/section.ts";
import { bpm, seconds, type Bpm } from "../../../engine/time/units.ts";
import { BakeError } from "./bake-error.ts";
import type { GivenScore } from "./given-score.ts";
import type { Circumstances } from "./job.ts";
import { openingIn } from "./opening.ts";
import type { Piece } from "./performance.ts";

/** A track of one mood. */
export interface TrackWish extends Circumstances {
  readonly mood: string | undefined;
  /** Seconds until the last bar ends; what rings comes after it. */
  readonly duration: number;
  readonly seed: number;
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

/**
 * A mood for so long: the nearest whole number of bars, in the mood's tempo or up to 3 % beside it. It ends in
 * a cadence. Throws `BakeError` where the score lacks the mood or place.
 */
export function trackOf({ score, themes }: GivenScore, wish: TrackWish): Track {
  const { seed, loops } = wish;
  const name = wish.mood ?? score.moods[0]?.name ?? "";
  const found = score.moods.find((mood) => mood.name === name);
  const known = score.moods.map((mood) => mood.name).join(", ");
  if (found === undefined) throw new BakeError(`the score has no mood "${name}"; it has ${known}`);
  const { bars, tempo } = fitBars(found, wish.duration, loops ? found.phrase : 1);
  const mood = { ...found, tempo };
  const end = seconds(bars * secondsOf(ticksPerBar(mood.meter), tempo));
  return {
    score: { ...score, moods: score.moods.map((each) => (each === found ? mood : each)) },
    themes,
    seed,
    events: openingIn(score, mood, wish),
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
