import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SectionCue, StingerCue } from "../../../engine/director/cue.ts";
import { ofKind, sections } from "../../helpers/directing.ts";
import { play, type Stretch } from "../../helpers/play-game.ts";
import { anyGame, randomGame } from "../../helpers/random-game.ts";
import { randomScore } from "../../helpers/random-score.ts";
import { barOf, HALF_FRAME, offGrid } from "../../helpers/reckoning.ts";
import { runs } from "../../helpers/runs.ts";

const QUIET = 20;
const sectionOf = ({ cues }: Stretch, { section: index }: StingerCue): SectionCue | undefined =>
  sections(cues).find((cue) => cue.index === index);

describe("whatever the game does", () => {
  test("a stinger sounds on a legal point of its grid, or where the mood begins that brings it", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          const brought = new Set(
            sections(stretch.cues).flatMap(({ transition, cause, entersAt }) => {
              const name = score.transitions[transition?.matched ?? -1]?.stinger;
              return name === undefined || cause !== "transition" ? [] : [`${name} ${entersAt}`];
            }),
          );
          for (const cue of ofKind(stretch.cues, "stinger")) {
            // What was cued before the music was saved is told again, over the section that plays on.
            if (cue.id < stretch.before.stingers.count) continue;
            const section = sectionOf(stretch, cue);
            if (section === undefined) throw new Error("a stinger over no section");
            // Over a ramp beats are no even grid.
            if (section.bridge !== undefined || brought.has(`${cue.stinger.name} ${cue.at}`)) {
              continue;
            }
            const begins = Math.abs(cue.at - section.entersAt) < HALF_FRAME;
            const off = begins ? 0 : offGrid(section, cue.stinger.at, cue.at);
            expect(off).toBeLessThan(HALF_FRAME);
            expect(cue.until - cue.at).toBeCloseTo(cue.stinger.bars * barOf(section), 6);
          }
        }
      }),
      runs(200),
    );
  });

  test("stingers keep their cooldown, their moods, and how many may sound at once", () => {
    fc.assert(
      fc.property(randomScore, anyGame, (score, moves) => {
        for (const stretch of play(score, moves, QUIET)) {
          const began = new Map<string, number>(Object.entries(stretch.before.stingers.began));
          const cues = ofKind(stretch.cues, "stinger");
          const cut = new Map(ofKind(stretch.cues, "stinger-cut").map(({ id, at }) => [id, at]));
          for (const [nth, cue] of cues.entries()) {
            const { name, cooldown, moods, most } = cue.stinger;
            // What was cued before the music was saved is told again.
            const isNew = cue.id >= stretch.before.stingers.count;
            const free = (began.get(name) ?? -Infinity) + cooldown;
            if (isNew) expect(cue.at).toBeGreaterThanOrEqual(free);
            began.set(name, cue.at);
            const mood = sectionOf(stretch, cue)?.mood;
            const known = new Set(["any", mood?.name ?? "", ...(mood?.ancestors ?? [])]);
            // One that had begun may ring into a mood in which it must not begin.
            if (isNew) expect(moods.some((each) => known.has(each))).toBe(true);
            const others = cues
              .slice(0, nth)
              .filter(({ id, at, until }) => at <= cue.at && (cut.get(id) ?? until) > cue.at);
            expect(others.length).toBeLessThan(most);
          }
        }
      }),
      runs(200),
    );
  });

  test("a stinger that may not ring on ends where another mood begins", () => {
    fc.assert(
      fc.property(randomScore, randomGame({ ticks: "control" }), (score, moves) => {
        for (const { cues } of play(score, moves, QUIET)) {
          const cut = new Map(ofKind(cues, "stinger-cut").map(({ id, at }) => [id, at]));
          const moods = sections(cues).filter(({ cause }) => cause === "transition");
          for (const { id, stinger, at, until, section } of ofKind(cues, "stinger")) {
            if (stinger.next !== "cut") continue;
            const over = sections(cues).find(({ index }) => index === section)?.mood.name;
            const next = moods.find(({ entersAt, mood }) => entersAt > at && mood.name !== over);
            if (next === undefined || next.entersAt >= until) continue;
            expect(cut.get(id) ?? until).toBeLessThanOrEqual(next.entersAt);
          }
        }
      }),
      runs(100),
    );
  });
});
