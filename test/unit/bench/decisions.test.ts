import { describe, expect, test } from "vitest";
import { partsOf } from "../../../engine/score/condition-logic.ts";
import { eventsOf } from "../../bench/decisions/game.ts";
import { scoreOf } from "../../bench/decisions/score.ts";
import { openMachine } from "../../bench/decisions/states.ts";
import { BATCH } from "../../bench/decisions/subjects.ts";
import { timeInTurns } from "../../bench/decisions/timing.ts";
import { directing, sections } from "../../helpers/directing.ts";

const SIZES = [1, 20, 500];

describe("the score of the decisions", () => {
  test.each(SIZES)("of %i moods grows in all its parts", (moods) => {
    const score = scoreOf(moods);
    const { rules, stingers, locations, transitions } = score;
    expect(score.moods).toHaveLength(moods);
    // One place more, and the transition from any mood to any.
    const lengths = [rules, stingers, locations, transitions].map((part) => part.length);
    expect(lengths).toEqual([moods, moods, moods + 1, moods + 1]);
  });

  test.each(SIZES)("of %i moods names only what it has, each once", (moods) => {
    const score = scoreOf(moods);
    const names = score.moods.map(({ name }) => name);
    expect(new Set(names).size).toBe(moods);
    const conditions = score.rules.flatMap(({ when, until }) => [when, until]);
    const known = new Set([
      ...["any", ...names],
      ...score.locations.map(({ name }) => name),
      ...Object.keys(score.signals),
    ]);
    const named = [
      ...score.rules.map(({ mood }) => mood),
      ...conditions.flatMap((condition) =>
        [...partsOf(condition)].map((part) =>
          part.kind === "signal" ? part.signal : part.location,
        ),
      ),
      ...score.locations.map(({ mood }) => mood),
      ...score.moods.flatMap(({ ancestors }) => ancestors),
      ...score.transitions.flatMap(({ from, to }) => [...from, ...to]),
    ];
    expect(named.filter((name) => name === undefined || !known.has(name))).toEqual([]);
  });
});

describe("the game of the decisions", () => {
  /** A minute of 20 control points a second. */
  function minute(moods: number) {
    const score = scoreOf(moods);
    return Array.from({ length: 1200 }, (_, point) => eventsOf(score, point)).flat();
  }

  test("sets three signals sixty times a second, each within its control point and in order", () => {
    const events = eventsOf(scoreOf(20), 70);
    expect(events.map((event) => event.kind === "signal" && event.name)).toEqual(
      Array.from({ length: 3 }, () => ["intensity", "threat", "health"]).flat(),
    );
    const times = minute(20).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(60 * 60);
    for (const { at } of events) {
      expect(at).toBeGreaterThanOrEqual(3.5);
      expect(at).toBeLessThan(3.55);
    }
  });

  test("is the same every time", () => {
    expect(eventsOf(scoreOf(20), 159)).toEqual(eventsOf(scoreOf(20), 159));
  });

  test.each([1, 20])(
    "of %i moods changes the music, has stingers and asks for nothing unknown",
    (moods) => {
      const { cues, problems } = directing(minute(moods), 60, scoreOf(moods));
      expect(sections(cues).length).toBeGreaterThan(2);
      expect(cues.some(({ kind }) => kind === "stinger")).toBe(true);
      expect(problems).toEqual([]);
    },
  );
});

test("the state machine goes where it is sent, from anywhere", () => {
  const send = openMachine(20);
  expect([3, 19, 0].map(send)).toEqual(["mood-3", "mood-19", "mood-0"]);
});

describe("timing in turns", () => {
  /** A clock that stands but when a subject runs, for so many milliseconds a batch. */
  function timed(costs: readonly number[], warmUp: number, batches: number) {
    let time = 0;
    const order: string[] = [];
    const subjects = costs.map((cost, index) => (batch: number) => {
      time += 1000; // preparing
      return () => {
        order.push(`${index}:${batch}`);
        time += cost * BATCH * (batch < warmUp ? 50 : 1);
      };
    });
    const times = timeInTurns(subjects, { warmUp, batches }, () => time);
    return { times, order };
  }

  test("counts microseconds a call, without what is prepared and without the warm-up", () => {
    expect(timed([0.5, 2], 3, 2).times).toEqual([
      [500, 500],
      [2000, 2000],
    ]);
  });

  test("lets every subject have its batch before any has the next", () => {
    expect(timed([1, 1], 1, 1).order).toEqual(["0:0", "1:0", "0:1", "1:1"]);
  });
});
