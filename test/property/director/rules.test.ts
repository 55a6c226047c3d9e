import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { play, type Stretch } from "../../helpers/play-game.ts";
import { randomGame } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import { controlPointsOf, decidedAt, secondsIn, wishOf } from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 20;
const ROUNDING = 1e-9;
const atEveryControlPoint = randomGame({ ticks: "control" });

interface Turn {
  readonly at: number;
  readonly begins: boolean;
  /** The state in which the rule was looked at. */
  readonly before: DirectorState;
}

/** When a rule of the score began and ended in a stretch. */
function turnsOf(stretch: Stretch, rule: number): readonly Turn[] {
  let before = stretch.before;
  return controlPointsOf(stretch).flatMap((state) => {
    const was = before;
    before = state;
    const begins = state.rules[rule]?.holds === true;
    return begins === (was.rules[rule]?.holds === true)
      ? []
      : [{ at: decidedAt(state), begins, before: was }];
  });
}

/** The shortest that a dwell may be over the music that sounds when it begins: over a ramp, in the faster tempo. */
function dwellOf(score: Score, rule: number, { before: { section } }: Turn): number {
  const { dwell } = score.rules[rule] ?? { dwell: undefined };
  if (dwell === undefined) throw new Error("no such rule");
  const [first] = score.moods;
  const grid = section ?? { tempo: score.tempo, meter: first?.meter ?? "4/4" };
  const tempo = Math.max(grid.tempo, section?.ramp?.to ?? 0);
  return secondsIn({ meter: grid.meter, tempo }, dwell);
}

describe("whatever the game does", () => {
  test("a rule that has begun holds for its dwell, and one that has ended stays away for its cooldown", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          for (const [index, { cooldown }] of score.rules.entries()) {
            // What began before the music was saved goes on from there.
            let freeFrom: number = stretch.before.rules[index]?.freeFrom ?? 0;
            for (const turn of turnsOf(stretch, index)) {
              expect(turn.at).toBeGreaterThanOrEqual(freeFrom - ROUNDING);
              freeFrom = turn.at + (turn.begins ? dwellOf(score, index, turn) : cooldown);
            }
          }
        }
      }),
      runs(300),
    );
  });

  test("the music that begins is what game and rules ask for when it is decided", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          let before = stretch.before;
          for (const state of controlPointsOf(stretch)) {
            const { committed } = state;
            const isNew = committed !== undefined && state.sections > before.sections;
            before = state;
            if (!isNew || committed.cause === "tempo") continue;
            const wish = wishOf(score, state);
            const leadsTo = committed.bridge?.mood ?? committed.mood;
            expect(leadsTo.name).toBe(wish.mood);
            if (committed.bridge === undefined) expect(committed.palette).toBe(wish.palette);
          }
        }
      }),
      runs(150),
    );
  });
});
