import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SectionCue } from "../../../engine/director/cue.ts";
import type { DirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { play } from "../../helpers/play-game.ts";
import { anyGame, randomGame } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import {
  barOf,
  bridgeOf,
  controlPointsOf,
  decidedAt,
  isAsked,
  longestGrid,
  transitionFor,
  wishOf,
} from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

/** A change is final half a second ahead, and decisions are 50 ms apart. */
const NOTICE = 0.6;
/** Of everything that may follow each other once the game is quiet: a fade, bridges, hit points, holds. */
const LONGEST = 1500;

/** Whether the music goes in the tempo that game and mood want. */
const isInTempo = ({ section, scale, hits }: DirectorState): boolean =>
  section !== undefined && section.scale === scale && section.stretch === 1 && hits.length === 0;

/** Seconds after which a wish must have come true, whatever sounds now. */
function longestWait(score: Score, state: DirectorState): number {
  const sounds = state.committed ?? state.section;
  if (sounds === undefined) return NOTICE;
  if (sounds.bridge !== undefined) return NOTICE + bridgeOf(sounds) + NOTICE;
  const wish = wishOf(score, state);
  const { at, bridge } = transitionFor(score, sounds.mood.name, wish.mood);
  const leads = bridge === undefined ? 0 : longestBridge(score, sounds, bridge.bars);
  return NOTICE + longestGrid(sounds, at) + NOTICE + leads;
}

/** A bridge lasts long enough that the change after it can be made final. */
function longestBridge(score: Score, { meter, tempo, scale }: SectionCue, bars: number): number {
  const slowest = Math.max(
    ...score.moods.map((mood) => barOf({ meter, tempo: Math.max(20, mood.tempo * scale) })),
    barOf({ meter, tempo }),
  );
  return Math.max(bars * slowest, 2 * NOTICE + slowest);
}

describe("whatever the game does", () => {
  test("a wish that stays is fulfilled within the longest wait that the score allows", () => {
    const game = randomGame({ ticks: "control" });
    fc.assert(
      fc.property(randomScore, game, (score, moves) => {
        for (const stretch of play(score, moves, 60)) {
          let since: { at: number; until: number; wish: string } | undefined;
          for (const state of controlPointsOf(stretch)) {
            const { section } = state;
            const wish = JSON.stringify(wishOf(score, state));
            if (section === undefined || !isInTempo(state) || isAsked(score, state, section)) {
              since = undefined;
            } else if (since?.wish === wish) {
              expect(decidedAt(state)).toBeLessThanOrEqual(since.until);
            } else {
              const at = decidedAt(state);
              since = { at, until: at + longestWait(score, state), wish };
            }
          }
        }
      }),
      runs(250),
    );
  });

  test("in the end the last wish sounds, in its own tempo, at any tick", () => {
    const isOver =
      (score: Score) =>
      (state: DirectorState): boolean => {
        const { section, committed } = state;
        const isAlone = section !== undefined && committed === undefined;
        return isAlone && isInTempo(state) && isAsked(score, state, section);
      };
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        const state = play(score, moves, LONGEST, isOver(score)).at(-1)?.after;
        expect(state).toSatisfy(isOver(score));
      }),
      runs(250),
    );
  });
});
