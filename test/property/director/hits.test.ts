import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ofKind, sections } from "../../helpers/directing.ts";
import { play } from "../../helpers/play-game.ts";
import { randomGame } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import { barAt, controlPointsOf, decidedAt } from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 30;
/** The tempo is bent by no more. */
const MOST_STRETCH = 0.03;
/** A hit point that nothing could be done for is forgotten after so many seconds. */
const LATEST = 8;
const ROUNDING = 1e-9;
const game = randomGame({ ticks: "control" });

describe("whatever the game does", () => {
  test("the tempo is bent by three in a hundred at most, and only towards a hit point", () => {
    fc.assert(
      fc.property(randomScore, game, (score, moves) => {
        for (const { cues } of play(score, moves, QUIET)) {
          for (const { stretch } of [...sections(cues), ...ofKind(cues, "hit")]) {
            expect(Math.abs(stretch - 1)).toBeLessThanOrEqual(MOST_STRETCH + ROUNDING);
          }
        }
      }),
      runs(100),
    );
  });

  test("what a hit point begins, begins where the game was told, at the beginning of a phrase", () => {
    fc.assert(
      fc.property(randomScore, game, (score, moves) => {
        for (const { cues } of play(score, moves, QUIET)) {
          for (const [place, cue] of cues.entries()) {
            if (cue.kind !== "section" || cue.cause !== "hit") continue;
            const told = ofKind(cues.slice(0, place), "hit").at(-1);
            expect(cue.entersAt).toBe(told?.at);
            const phrases = barAt(cue, cue.entersAt) / cue.mood.phrase;
            expect(phrases).toBeCloseTo(Math.round(phrases), 6);
          }
        }
      }),
      runs(100),
    );
  });

  test("no hit point is waited for long after its time", () => {
    fc.assert(
      fc.property(randomScore, game, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          for (const state of controlPointsOf(stretch)) {
            for (const { time } of state.hits) {
              expect(time).toBeGreaterThan(decidedAt(state) - LATEST - ROUNDING);
            }
          }
        }
      }),
      runs(50),
    );
  });
});
