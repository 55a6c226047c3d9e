import { matchTransition, meansMood, moodNamed } from "../../../engine/director/rules.ts";
import type { Mood, Score, Stinger } from "../../../engine/score/score.ts";
import { ticksPerBar } from "../../../engine/time/meter.ts";
import { secondsOf, timeOfBar } from "../../../engine/time/section.ts";
import { seconds } from "../../../engine/time/units.ts";
import type { GivenScore } from "./given-score.ts";
import type { Job } from "./job.ts";
import { drive, hold, openingIn } from "./opening.ts";
import type { Piece } from "./performance.ts";

type Wish<Kind extends Job["wish"]["kind"]> = Extract<Job["wish"], { readonly kind: Kind }>;

/** Longer than any sync point makes a change wait: 32 bars of the grid, and a bridge. */
const LONGEST_WAIT_BARS = 48;
/** Bars of the new mood in a baked transition: one phrase of the shortest kind. */
const ARRIVAL_BARS = 4;

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
  wish: Wish<"transition">,
  seed: number,
): Piece {
  const [from, to] = [moodNamed(score, wish.from), moodNamed(score, wish.to)];
  const asked = Math.max(1, from.phrase - 2) * barSeconds(from);
  const { bridge } = matchTransition(score, from.name, to.name).transition;
  const bars = LONGEST_WAIT_BARS + (bridge?.bars ?? 0);
  return {
    score,
    themes,
    seed,
    events: [
      ...openingIn(score, from, wish),
      drive(to, wish.intensity, asked),
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
  wish: Wish<"stinger">,
  seed: number,
): Piece {
  const mood = moodNamed(score, wish.mood);
  const bar = barSeconds(mood);
  return {
    score,
    themes,
    seed,
    events: [
      ...openingIn(score, mood, wish),
      { kind: "trigger", at: seconds(bar), stinger: wish.name },
    ],
    end: seconds(LONGEST_WAIT_BARS * bar),
    buses: ["stingers"],
    windowOf: (cue) => (cue.kind === "stinger" ? { from: cue.at, to: cue.until } : undefined),
  };
}
