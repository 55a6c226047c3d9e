import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SectionCue } from "../../../engine/director/cue.ts";
import { ofKind, sections } from "../../helpers/directing.ts";
import { play, type Stretch } from "../../helpers/play-game.ts";
import { anyGame, LONGEST_TICK } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import { HALF_FRAME, heard } from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 25;

/** How much later than at its end a bridge may be left: at once, where no tick came in time. */
function lateness(ticks: readonly number[]): number {
  const longest = Math.max(0, ...ticks);
  return longest <= LONGEST_TICK ? 0 : longest + 0.1;
}

/** Every number that a cue holds, however deep. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === "number") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) yield* numbersIn(part);
  }
}

/** The phrases of a section as they were cued at last. */
const phrasesOf = ({ cues }: Stretch, section: SectionCue) =>
  [
    ...new Map(
      ofKind(cues, "phrase")
        .filter((cue) => cue.section === section.index)
        .map((cue) => [cue.index, cue]),
    ).values(),
  ].toSorted((a, b) => a.index - b.index);

describe("whatever the game does, at any tick", () => {
  test("sections begin one after another, counted without a gap, and every number is one", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          const story = heard(stretch.cues);
          for (const [place, { section, from }] of story.entries()) {
            const before = story[place - 1]?.from ?? -Infinity;
            // Both sides of a fade that was under way when the music was saved begin anew.
            if (section.cause === "restore") expect(from).toBeGreaterThanOrEqual(before);
            else expect(from).toBeGreaterThan(before);
          }
          const known = stretch.before.sections;
          const indices = sections(stretch.cues).flatMap(({ index }) =>
            index < known ? [] : [index],
          );
          expect(indices).toEqual(indices.map((_, place) => known + place));
          for (const { mood, ...cue } of sections(stretch.cues)) {
            expect(score.moods).toContain(mood);
            for (const number of numbersIn(cue)) expect(number).toSatisfy(Number.isFinite);
          }
          for (const cue of stretch.cues) {
            if (cue.kind === "section") continue;
            for (const number of numbersIn(cue)) expect(number).toSatisfy(Number.isFinite);
          }
        }
      }),
      runs(250),
    );
  });

  test("phrases fill every section from its entry to its end", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          const story = heard(stretch.cues);
          for (const [place, { section, from, returns }] of story.entries()) {
            const end = story[place + 1]?.from ?? stretch.until;
            const phrases = phrasesOf(stretch, section);
            if (!returns) expect(phrases[0]?.at).toBeLessThanOrEqual(from + HALF_FRAME);
            const last = phrases.at(-1);
            const late = section.bridge === undefined ? 0 : lateness(moves.ticks);
            expect(last?.until).toBeGreaterThanOrEqual(end - late - HALF_FRAME);
            for (const [nth, phrase] of phrases.entries()) {
              const before = phrases[nth - 1];
              if (before === undefined) continue;
              expect(phrase.index).toBe(before.index + 1);
              // A hit point may cut a phrase; the music goes on elsewhere then.
              if (before.ending === undefined) expect(phrase.at).toBeCloseTo(before.until, 6);
            }
          }
        }
      }),
      runs(250),
    );
  });

  test("levels are of sections that are known, for stems that their moods have", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const { cues } of play(score, moves, QUIET)) {
          const moods = new Map<number, SectionCue["mood"]>();
          for (const cue of cues) {
            if (cue.kind === "section") moods.set(cue.index, cue.mood);
            if (cue.kind !== "layer") continue;
            expect(moods.get(cue.section)?.stems[cue.stem]).toBeDefined();
            expect(cue.gain).toBeGreaterThanOrEqual(0);
            expect(cue.gain).toBeLessThanOrEqual(1);
          }
          for (const cue of ofKind(cues, "section")) {
            const first = ofKind(cues, "layer").filter(({ section }) => section === cue.index);
            const stems = Object.keys(cue.mood.stems);
            expect(new Set(first.map(({ stem }) => stem))).toEqual(new Set(stems));
          }
        }
      }),
      runs(100),
    );
  });
});
