import { describe, expect, test } from "vitest";
import type { GameEvent } from "../../../engine/director/event.ts";
import { pickAt, randomAt } from "../../../engine/music/random.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { seconds } from "../../../engine/time/units.ts";
import { imbalances, rehearse } from "../../helpers/rehearsal.ts";
import { score, stinger, transition } from "../../helpers/score.ts";

const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

/** Two minutes of a game that cannot make up its mind. */
const restless = (seed: number): readonly GameEvent[] =>
  Array.from({ length: 60 }, (_, turn): GameEvent => {
    const at = seconds(2 * turn + randomAt(seed, "when", turn));
    const kind = pickAt(["place", "signal", "stinger", "scale"] as const, seed, "kind", turn);
    switch (kind) {
      case "place":
        return go(at, pickAt(["meadow", "cave", "field", "grotto"], seed, "place", turn));
      case "signal":
        return { kind, at, name: "intensity", value: randomAt(seed, "value", turn) };
      case "stinger":
        return { kind: "trigger", at, stinger: "alarm" };
      case "scale":
        return { kind: "time-scale", at, scale: 1 + randomAt(seed, "scale", turn) };
    }
  });

describe("the accounts of a rehearsal", () => {
  test.each([1, 2, 3])("add up in all and for every stem of every mood (game %i)", async (seed) => {
    const { ledger } = await rehearse({
      score: score({
        stingers: [stinger("alarm")],
        transitions: [
          transition({ from: ["danger"], bridge: { bars: 2, tempo: "ramp" } }),
          transition({ at: "beat" }),
        ],
      }),
      events: restless(seed),
      until: 125,
      tick: 0.1,
      // Now quick, now too slow, and once in a while of no use.
      generatorDelay: (count) => (count % 5 === 0 ? 12 : 0.3),
    });
    expect(imbalances(ledger.total)).toEqual([]);
    for (const counts of ledger.byMood.values()) {
      for (const stem of STEMS) expect(imbalances(counts[stem])).toEqual([]);
    }
    const { requested, onTime, late, used, cancelled } = ledger.total;
    for (const count of [requested, onTime, late, used, cancelled])
      expect(count).toBeGreaterThan(0);
  });

  test("a phrase of a mood that is left is withdrawn once that is certain, not when it would have come", async () => {
    const { cancelled, cues } = await rehearse({
      score: score({ transitions: [transition({ at: "bar" })] }),
      events: [go(9.2, "cave")],
      until: 16,
      tick: 0.05,
      generatorDelay: (count) => (count < 4 ? 0.1 : 60),
    });
    const left = cues.find((cue) => cue.kind === "section" && cue.mood.name === "mystery");
    if (left?.kind !== "section") throw new Error("the cave was never reached");
    const withdrawn = cancelled.filter(({ id }) => id.startsWith("calm#0:"));
    expect(withdrawn.length).toBeGreaterThan(0);
    for (const { at } of withdrawn) expect(at).toBeLessThan(left.entersAt);
  });
});
