import { matchTransition, meansMood, moodNamed } from "../../../engine/director/rules.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import type { Mood, Score, Stinger } from "../../../engine/score/score.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf, timeOfBar } from "../../../engine/time/section.ts";
import { seconds } from "../../../engine/time/units.ts";
import type { GivenScore } from "./given-score.ts";
import type { Piece } from "./performance.ts";

/** What has always been so. */
const BEFORE = seconds(-1);
const ABOVE_ALL = Number.MAX_SAFE_INTEGER;
/** Longer than any sync point makes a change wait: 32 bars of the grid, and a bridge. */
const LONGEST_WAIT_BARS = 48;
/** Bars of the new mood in a baked transition: one phrase of the shortest kind. */
const ARRIVAL_BARS = 4;

const hold = (mood: string, at: number, id: number): GameEvent => ({
  kind: "hold",
  at: seconds(at),
  id,
  mood,
  priority: ABOVE_ALL,
  lasts: undefined,
});

const intensityOf = ({ arousal }: Mood, at: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value: arousal,
});

const barSeconds = ({ meter, tempo }: Mood): number => secondsOf(ticksPerBar(meter), tempo);

/** Every ordered pair of different moods, but those that `from` leaves away. */
export const transitionsOf = (
  { moods }: Score,
  from: string | undefined,
): readonly (readonly [from: string, to: string])[] =>
  moods
    .filter(({ name }) => from === undefined || name === from)
    .flatMap((old) =>
      moods.flatMap((next) => (next === old ? [] : [[old.name, next.name] as const])),
    );

/**
 * Two bars of a phrase before its end the other mood is asked for, and comes at the sync point and over the
 * bridge of the score; four bars of it are kept.
 */
export function transitionPiece(
  { score, themes }: GivenScore,
  names: readonly [string, string],
  seed: number,
): Piece {
  const [from, to] = [moodNamed(score, names[0]), moodNamed(score, names[1])];
  const asked = Math.max(1, from.phrase - 2) * barSeconds(from);
  const { bridge } = matchTransition(score, from.name, to.name).transition;
  const bars = LONGEST_WAIT_BARS + (bridge?.bars ?? 0);
  return {
    score,
    themes,
    seed,
    events: [
      intensityOf(from, BEFORE),
      hold(from.name, BEFORE, 0),
      intensityOf(to, asked),
      hold(to.name, asked, 1),
    ],
    end: seconds(asked + bars * Math.max(barSeconds(from), barSeconds(to))),
    windowOf: (cue) => {
      if (cue.kind !== "section") return undefined;
      if (cue.cause === "opening") return { from: 0 };
      const isThere = cue.mood === to && cue.bridge === undefined;
      if (!isThere) return undefined;
      return { to: cue.entersAt + timeOfBar({ ...cue, startsAt: seconds(0) }, ARRIVAL_BARS) };
    },
  };
}

/** Every stinger in every mood in which it may sound, or in one. */
export const stingersOf = (
  score: Score,
  only: string | undefined,
): readonly (readonly [stinger: string, mood: string])[] =>
  score.stingers.flatMap((stinger) =>
    score.moods
      .filter(({ name }) => only === undefined || name === only)
      .filter((mood) => maySound(score, stinger, mood))
      .map((mood) => [stinger.name, mood.name] as const),
  );

const maySound = (score: Score, { moods }: Stinger, { name }: Mood): boolean =>
  meansMood(score, moods, name);

/** A stinger over the first phrase of a mood, of which only the stinger is kept. */
export function stingerPiece(
  { score, themes }: GivenScore,
  name: string,
  moodName: string,
  seed: number,
): Piece {
  const mood = moodNamed(score, moodName);
  const bar = barSeconds(mood);
  return {
    score,
    themes,
    seed,
    events: [
      intensityOf(mood, BEFORE),
      hold(moodName, BEFORE, 0),
      { kind: "trigger", at: seconds(bar), stinger: name },
    ],
    end: seconds(LONGEST_WAIT_BARS * bar),
    buses: ["stingers"],
    windowOf: (cue) => (cue.kind === "stinger" ? { from: cue.at, to: cue.until } : undefined),
  };
}
