import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cue } from "../../engine/director/cue.ts";
import { eventsOf, randomGame } from "../helpers/random-game.ts";
import { randomScore } from "../helpers/random-score.ts";
import { rehearse } from "../helpers/rehearsal.ts";
import { runs } from "../helpers/runs.ts";

const UNTIL = 30;

const delays = fc.array(fc.integer({ min: 10, max: 30_000 }), { minLength: 1, maxLength: 20 });

test("the same score, seed and events give the same cues at every tick rate and generator speed", async () => {
  const game = randomGame({ ticks: "control", without: ["pause", "resume", "save", "restore"] });
  await fc.assert(
    fc.asyncProperty(randomScore, game.map(eventsOf), delays, async (written, events, delay) => {
      const late = (count: number): number => (delay[count % delay.length] ?? 1000) / 1000;
      const lists: (readonly Cue[])[] = [];
      // All of them have their last tick at the end.
      for (const run of [
        { tick: 0.01 },
        { tick: 0.05, generatorDelay: late },
        { tick: 0.3, generatorDelay: () => 0.3 },
      ]) {
        lists.push((await rehearse({ score: written, events, until: UNTIL, ...run })).cues);
      }
      const [first, ...others] = lists;
      expect(first?.length).toBeGreaterThan(2);
      for (const other of others) expect(other).toEqual(first);
    }),
    runs(40),
  );
});
