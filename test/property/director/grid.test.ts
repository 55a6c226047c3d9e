import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SectionCue } from "../../../engine/director/cue.ts";
import type { DirectorState } from "../../../engine/director/state.ts";
import { sections } from "../../helpers/directing.ts";
import { play, type Stretch } from "../../helpers/play-game.ts";
import { anyGame, LONGEST_TICK, randomGame } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import {
  barAt,
  beatsOf,
  bridgeOf,
  controlPointsOf,
  decidedAt,
  firstLegal,
  HALF_FRAME,
  heard,
  offGrid,
  secondsIn,
  transitionFor,
  wishOf,
} from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 30;
/** A change is final so long before it is heard. */
const NOTICE = 0.5;
const LONGEST_FADE = 8;
const LONGEST_FADE_OF_BRIDGE = 1;

interface Change {
  readonly before: SectionCue;
  readonly after: SectionCue;
}

/** Where one section gives way to another that is new. */
function changesOf(stretch: Stretch): readonly Change[] {
  const story = heard(stretch.cues);
  return story.flatMap(({ section, returns }, place) => {
    const before = story[place - 1]?.section;
    return before === undefined || returns ? [] : [{ before, after: section }];
  });
}

const isTransition = ({ cause }: SectionCue): boolean =>
  cause === "transition" || cause === "bridge";

const atEveryControlPoint = randomGame({ ticks: "control" });

describe("whatever the game does", () => {
  test("each change of mood falls on a legal point of its grid, to the frame", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          for (const { before, after } of changesOf(stretch)) {
            if (!isTransition(after) || before.bridge !== undefined) continue;
            const { sync = "bar" } = after.transition ?? {};
            expect(offGrid(before, sync, after.entersAt)).toBeLessThan(HALF_FRAME);
          }
        }
      }),
      runs(300),
    );
  });

  test("a change takes the first transition of the score that fits, and its sync point", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const { cues } of play(score, moves, QUIET)) {
          for (const { transition } of sections(cues)) {
            if (transition === undefined) continue;
            const { from, to, matched, sync } = transition;
            const first = transitionFor(score, from, to);
            expect(score.transitions[matched]).toBe(first);
            expect(sync).toBe(first.at);
          }
        }
      }),
      runs(100),
    );
  });

  test("what is asked for without a change of mind comes at the first legal point that can be met", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          for (const { before, after } of changesOf(stretch)) {
            if (!isTransition(after) || before.bridge !== undefined) continue;
            // It was final when the music was saved.
            if (after.index < stretch.before.sections) continue;
            const { sync = "bar" } = after.transition ?? {};
            const asked = askedAt(stretch, before, after);
            if (asked === undefined) continue;
            expect(after.entersAt).toBeGreaterThan(asked + NOTICE - HALF_FRAME);
            const legal = firstLegal(before, sync, asked + NOTICE + HALF_FRAME);
            expect(after.entersAt).toBeLessThan(legal + HALF_FRAME);
          }
        }
      }),
      runs(300),
    );
  });

  test("a bridge is left where its bars end, and a fade is as long as it is written", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          for (const { before, after } of changesOf(stretch)) {
            if (before.bridge !== undefined) {
              const end = before.startsAt + bridgeOf(before);
              expect(Math.abs(after.entersAt - end)).toBeLessThan(HALF_FRAME);
            }
            if (after.cause !== "transition") continue;
            const written = score.transitions[after.transition?.matched ?? -1]?.fade;
            if (written === undefined) throw new Error("a transition of no score");
            const most = before.bridge === undefined ? LONGEST_FADE : LONGEST_FADE_OF_BRIDGE;
            expect(after.fade).toBeCloseTo(Math.min(most, secondsIn(after, written)), 9);
          }
        }
      }),
      runs(200),
    );
  });

  test("no fade is cut short: it turns round, or ends before the tempo changes", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const { cues, before } of play(score, moves, QUIET)) {
          // One may have been under way when the music was saved.
          let fade: { from: number; until: number } | undefined = before.fading;
          for (const cue of cues) {
            if (cue.kind === "reversal") {
              expect(fade?.from).toBeLessThan(cue.at);
              expect(fade?.until).toBeGreaterThan(cue.at);
              expect(cue.fade).toBeCloseTo(cue.at - (fade?.from ?? 0), 9);
              fade = { from: cue.at, until: cue.at + cue.fade };
            }
            if (cue.kind !== "section" || cue.cause === "restore") continue;
            if (cue.cause === "tempo" && fade !== undefined) {
              expect(cue.entersAt).toBeGreaterThanOrEqual(fade.until);
            }
            const fades = cue.cause === "transition";
            fade = fades ? { from: cue.entersAt, until: cue.entersAt + cue.fade } : undefined;
          }
        }
      }),
      runs(150),
    );
  });

  test("a mood is entered where its transition says", () => {
    fc.assert(
      fc.property(randomScore, atEveryControlPoint, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          const begun = new Set<string>();
          for (const { before, after } of changesOf(stretch)) {
            begun.add(tuneOf(before));
            if (after.cause !== "transition") continue;
            const entry = score.transitions[after.transition?.matched ?? -1]?.enter;
            const bar = barAt(after, after.entersAt);
            const stays = before.mood.name === after.mood.name && before.bridge === undefined;
            const enter = entry ?? (stays ? "same position" : "start");
            expect(bar).toBeGreaterThan(-1e-9);
            if (enter === "start") expect(bar).toBeCloseTo(0, 9);
            if (enter === "start" && stretch.from === 0) {
              expect(begun.has(tuneOf(after))).toBe(false);
            }
            if (enter === "same position" && stays) {
              expect(after.visit).toBe(before.visit);
              expect(bar).toBeCloseTo(barAt(before, after.entersAt), 6);
            } else if (enter === "equivalent beat" || enter === "same position") {
              if (before.bridge !== undefined) continue;
              const left = beatIn(before, barAt(before, after.entersAt));
              const beat = (left + 1e-6) % beatsOf(after.meter);
              expect(beatIn(after, bar)).toBeCloseTo(beat, 4);
              const most = enter === "same position" ? after.mood.phrase : 1;
              expect(bar).toBeLessThan(most - 1e-6);
            }
          }
        }
      }),
      runs(150),
    );
  });

  test("at a tick of the engine's a change is told before it is heard", () => {
    fc.assert(
      fc.property(randomScore, randomGame({ ticks: LONGEST_TICK }), (score, moves) => {
        for (const { cues, told } of play(score, moves, QUIET)) {
          for (const [place, cue] of cues.entries()) {
            const begins =
              cue.kind === "section" ? cue.entersAt : cue.kind === "reversal" ? cue.at : Infinity;
            const opens = cue.kind === "section" && ["opening", "restore"].includes(cue.cause);
            if (!opens) expect(begins).toBeGreaterThan((told[place] ?? 0) + 0.09);
          }
        }
      }),
      runs(150),
    );
  });
});

const tuneOf = ({ mood, visit }: SectionCue): string => `${mood.name} ${visit}`;

/** The beat of its bar; one that is as good as at the next bar line counts as 0. */
function beatIn({ meter }: SectionCue, bar: number): number {
  const beat = (bar - Math.floor(bar + 1e-6)) * beatsOf(meter);
  return Math.max(0, beat);
}

/**
 * Since when a change that came was asked for while the section that it left could be left; undefined
 * where it was asked for already when the music was saved.
 */
function askedAt(stretch: Stretch, before: SectionCue, after: SectionCue): number | undefined {
  const { score } = stretch;
  const states = controlPointsOf(stretch);
  const committed = states.findIndex((state) => state.sections > after.index);
  const decided = states[committed];
  if (decided === undefined) throw new Error("a change that no state shows");
  const wish = wishOf(score, decided);
  const isAskedFor = (state: DirectorState): boolean =>
    state.section?.index === before.index &&
    state.committed === undefined &&
    wishOf(score, state).mood === wish.mood &&
    wishOf(score, state).palette === wish.palette;
  let asked = decided;
  for (let place = committed - 1; place >= 0; place -= 1) {
    const state = states[place];
    // At the control point at which music opens nothing else is decided.
    const opens = (states[place - 1] ?? stretch.before).section === undefined;
    if (state === undefined || opens || !isAskedFor(state)) break;
    asked = state;
  }
  return asked === states[0] && isAskedFor(stretch.before) ? undefined : decidedAt(asked);
}
