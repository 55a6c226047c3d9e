import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cue } from "../../engine/director/cue.ts";
import type { GameEvent } from "../../engine/director/director.ts";
import { seconds } from "../../engine/time/units.ts";
import { rehearse } from "../helpers/rehearsal.ts";
import { score } from "../helpers/score.ts";

const event = fc.oneof(
  fc.record({
    kind: fc.constant("signal" as const),
    at: fc.double({ min: 0, max: 25, noNaN: true }).map(seconds),
    name: fc.constant("intensity"),
    value: fc.oneof(fc.double({ min: 0, max: 1 }), fc.constant(Number.NaN)),
  }),
  fc.record({
    kind: fc.constant("location" as const),
    at: fc.double({ min: 0, max: 25, noNaN: true }).map(seconds),
    name: fc.constantFrom("meadow", "cave", "field", "nowhere"),
  }),
);
const log = fc
  .array(event, { maxLength: 25 })
  .map((events): readonly GameEvent[] => events.toSorted((a, b) => a.at - b.at));

test("the same score, seed and signal log give the same cues at every tick rate and generator speed", async () => {
  const delays = fc.array(fc.double({ min: 0.01, max: 30, noNaN: true }), {
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(log, delays, async (events, delay) => {
      const runs = [
        { tick: 0.01 },
        { tick: 0.05, generatorDelay: (count: number) => delay[count % delay.length] ?? 1 },
        { tick: 0.333, generatorDelay: () => 0.3 },
      ];
      const lists: (readonly Cue[])[] = [];
      for (const run of runs) {
        lists.push((await rehearse({ score: score(), events, until: 30, ...run })).cues);
      }
      // The last tick before 30 s differs by up to 333 ms, so the ends of the lists may too.
      const shortest = Math.min(...lists.map((list) => list.length));
      expect(shortest).toBeGreaterThan(5);
      const [first, ...others] = lists.map((list) => list.slice(0, shortest));
      for (const other of others) expect(other).toEqual(first);
    }),
    { numRuns: 60 },
  );
});
