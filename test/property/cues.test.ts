import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cue } from "../../engine/director/cue.ts";
import type { GameEvent } from "../../engine/director/event.ts";
import { bpm, seconds, unitInterval } from "../../engine/time/units.ts";
import { rehearse } from "../helpers/rehearsal.ts";
import { mood, score } from "../helpers/score.ts";

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
    name: fc.constantFrom("meadow", "cave", "field", "grotto", "nowhere"),
  }),
);
const log = fc
  .array(event, { maxLength: 25 })
  .map((events): readonly GameEvent[] => events.toSorted((a, b) => a.at - b.at));

const smoothing = fc.constantFrom(0, 0.013, 0.2, 1.7).map(seconds);
const threshold = fc.double({ min: 0, max: 1, noNaN: true }).map(unitInterval);
/** The melody is always there, and often always heard. */
const stems = fc.record(
  {
    melody: fc.constantFrom(0, 0.3).map(unitInterval),
    counter: threshold,
    harmony: threshold,
    bass: threshold,
    drums: threshold,
  },
  { requiredKeys: ["melody"] },
);
const written = fc
  .record({ attack: smoothing, release: smoothing, stems: fc.tuple(stems, stems, stems) })
  .map(({ attack, release, stems: [calm, danger, mystery] }) =>
    score({
      signals: {
        intensity: { range: [0, 1], initial: 0, attack, release, curve: [], deadBand: 0 },
      },
      moods: [
        mood("calm", { stems: calm }),
        mood("danger", { stems: danger, tempo: bpm(130) }),
        mood("mystery", { stems: mystery, tempo: bpm(87) }),
      ],
    }),
  );

const delays = fc.array(fc.double({ min: 0.01, max: 30, noNaN: true }), {
  minLength: 1,
  maxLength: 20,
});

test("the same score, seed and signal log give the same cues at every tick rate and generator speed", async () => {
  await fc.assert(
    fc.asyncProperty(written, log, delays, async (written, events, delay) => {
      const runs = [
        { tick: 0.01 },
        { tick: 0.05, generatorDelay: (count: number) => delay[count % delay.length] ?? 1 },
        { tick: 0.333, generatorDelay: () => 0.3 },
      ];
      const lists: (readonly Cue[])[] = [];
      for (const run of runs) {
        lists.push((await rehearse({ score: written, events, until: 30, ...run })).cues);
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
