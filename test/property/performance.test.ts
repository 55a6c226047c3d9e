import fc from "fast-check";
import { expect, test } from "vitest";
import type { GameEvent } from "../../engine/director/event.ts";
import type { Score } from "../../engine/score/score.ts";
import { bpm, decibels, seconds, unitInterval } from "../../engine/time/units.ts";
import { doublings, holes } from "../helpers/continuity.ts";
import { ofKind } from "../helpers/directing.ts";
import { rehearse, type Rehearsal } from "../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../helpers/score.ts";

const UNTIL = 32;
const at = fc.double({ min: 1, max: 20, noNaN: true }).map(seconds);
const id = fc.constantFrom(1, 2);
const event = fc.oneof(
  fc.record({
    kind: fc.constant("signal" as const),
    at,
    name: fc.constant("intensity"),
    value: fc.constantFrom(0.1, 0.9),
  }),
  fc.record({
    kind: fc.constant("location" as const),
    at,
    name: fc.constantFrom("meadow", "cave", "grotto"),
  }),
  fc.record({
    kind: fc.constant("trigger" as const),
    at,
    stinger: fc.constantFrom("alarm", "siren"),
  }),
  fc.record({
    kind: fc.constant("hold" as const),
    at,
    id,
    mood: fc.constantFrom("danger", "mystery"),
    priority: fc.constant(0),
    lasts: fc.constantFrom(undefined, { value: 2, unit: "bars" as const }),
  }),
  fc.record({ kind: fc.constant("release" as const), at, id }),
  fc.record({
    kind: fc.constant("time-scale" as const),
    at,
    scale: fc.constantFrom(0.5, 1, 1.7),
  }),
  fc.tuple(at, fc.double({ min: 0, max: 20, noNaN: true })).map(([asked, wait]) => ({
    kind: "hit" as const,
    at: asked,
    name: "gate",
    time: seconds(asked + wait),
    strength: unitInterval(0.8),
  })),
);
const log = fc
  .array(event, { minLength: 3, maxLength: 14 })
  .map((events): readonly GameEvent[] => events.toSorted((a, b) => a.at - b.at));

const duck = { by: decibels(-6), attack: seconds(0.1), release: seconds(0.3) };
const written: fc.Arbitrary<Score> = fc
  .constantFrom(
    [transition({ at: "beat", fade: { value: 2, unit: "bars" } })],
    [transition({ bridge: { bars: 2, tempo: "ramp" } })],
    [
      transition({
        at: "beat",
        enter: "last position",
        fade: { value: 6, unit: "seconds" },
        stinger: "siren",
      }),
    ],
    [
      transition({
        to: ["danger"],
        at: "beat",
        bridge: { bars: 1, tempo: "step" },
        stinger: "siren",
      }),
      transition({ at: "phrase", enter: "same position" }),
    ],
  )
  .map((transitions) =>
    score({
      transitions,
      moods: [
        mood("calm", { tempo: bpm(67) }),
        mood("danger", { tempo: bpm(131) }),
        mood("mystery", { tempo: bpm(91), meter: "3/4" }),
      ],
      stingers: [
        stinger("alarm", { at: "bar", bars: 2, duck, next: "cut" }),
        stinger("siren", { most: 1, priority: 1, duck }),
      ],
    }),
  );

/** Stingers that are heard elsewhere than they were told, or not at all. */
const misplaced = ({ cues, opened }: Rehearsal): readonly number[] => {
  const cut = new Set(ofKind(cues, "stinger-cut").map((each) => each.id));
  return ofKind(cues, "stinger")
    .filter((cue) => cue.at < UNTIL - 2 && !cut.has(cue.id))
    .filter((cue) => {
      const first = opened.find(({ voice }) => voice === `stinger:${cue.id}:melody`);
      return first === undefined || Math.abs(first.at - cue.at) > 2e-4;
    })
    .map((cue) => cue.id);
};

/** Ducks that outlast a stinger which was cut. */
const leftDown = ({ cues, ducks, endedDucks }: Rehearsal): readonly string[] =>
  ofKind(cues, "stinger-cut")
    .map((cut) => `stinger:${cut.id}`)
    .filter((key) => ducks.some(({ name }) => name === key))
    .filter((key) => !endedDucks.some(({ name }) => name === key));

test("whatever the game does at whatever moment, the music has no hole, never runs twice, and is never late", async () => {
  await fc.assert(
    fc.asyncProperty(written, log, fc.constantFrom(0.05, 0.35, 1), async (of, events, tick) => {
      const result = await rehearse({
        score: of,
        events,
        until: UNTIL,
        tick,
        generatorDelay: () => 0.3,
        renderDelay: 0.06,
      });
      for (const stem of ["melody", "drums"] as const) {
        expect(holes(result, stem, UNTIL - 2)).toEqual([]);
        expect(doublings(result, stem)).toEqual([]);
      }
      expect(misplaced(result)).toEqual([]);
      expect(leftDown(result)).toEqual([]);
      expect(result.counts["late"]).toBeUndefined();
      expect(result.counts["missed"]).toBeUndefined();
    }),
    { numRuns: 80 },
  );
});
