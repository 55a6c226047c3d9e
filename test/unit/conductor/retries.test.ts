import { describe, expect, test } from "vitest";
import { Repertoire } from "../../../engine/conductor/repertoire.ts";
import { StingerDesk } from "../../../engine/conductor/stinger-desk.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { LIMITS } from "../../../engine/governor/tier.ts";
import type { Note } from "../../../engine/music/note.ts";
import {
  midiPitch,
  milliseconds,
  seconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { smallBank } from "../../helpers/bank.ts";
import { imbalances, rehearse, type Rehearsal } from "../../helpers/rehearsal.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";
import { bareStage } from "../../helpers/stage.ts";
import { heldWriting } from "../../helpers/writing.ts";

const NOTES: readonly Note[] = [
  { at: ticks(0), duration: ticks(960), pitch: midiPitch(62), velocity: velocity(80) },
];
const expecting = (at: number, name: string): GameEvent => ({
  kind: "expect",
  at: seconds(at),
  name,
  probability: unitInterval(0.9),
});

/** What was asked for, without the number that the generator is given to tell requests apart. */
const names = ({ asked }: Rehearsal): readonly string[] =>
  asked.map((id) => id.replace(/ \(\d+\)$/, ""));

describe("what is on its way when the quality changes", () => {
  const play = (tiers: readonly { at: number; tier: "full" | "reduced" | "bank-only" }[]) =>
    rehearse({
      score: score({ stingers: [stinger("alarm")] }),
      events: [],
      until: 30,
      tick: 0.1,
      generatorDelay: () => 2.5,
      tiers,
    });

  test("is not asked for a second time", async () => {
    const steady = await play([{ at: 0, tier: "reduced" }]);
    const moved = await play(
      Array.from({ length: 40 }, (_, turn) => ({ at: turn / 2, tier: "reduced" as const })),
    );
    expect(names(steady).length).toBeGreaterThan(3);
    expect(moved.asked).toEqual(steady.asked);
  });

  test("and was withdrawn is asked for again once it may be", async () => {
    const result = await play([
      { at: 1, tier: "bank-only" },
      { at: 1.5, tier: "full" },
    ]);
    const withdrawn = result.cancelled
      .filter(({ at }) => at >= 1 && at < 1.5)
      .map(({ id }) => id.replace(/ \(\d+\)$/, ""));
    expect(withdrawn.length).toBeGreaterThan(0);
    for (const name of withdrawn) {
      // Three times where the answer is too like the phrase before.
      expect(names(result).filter((each) => each === name).length).toBeGreaterThan(1);
    }
    expect(imbalances(result.ledger.total)).toEqual([]);
  });
});

describe("a stinger that is written twice", () => {
  const open = () => {
    const repertoire = new Repertoire(smallBank, () => milliseconds(0), {
      answered: () => undefined,
      failed: () => undefined,
    });
    const desk = new StingerDesk({
      score: score({ stingers: [stinger("alarm")] }),
      seed: 1,
      repertoire,
      stage: bareStage().stage,
      takeNamed: () => undefined,
      themeNamed: () => undefined,
      phraseAt: () => undefined,
    });
    return { repertoire, desk };
  };

  test("keeps the first take, and the second is accounted for", async () => {
    const held = heldWriting();
    const { repertoire, desk } = open();
    const other = heldWriting();
    repertoire.writing = held.writing;
    desk.tend(mood("calm"));
    // Another generator, while the first still works on it.
    repertoire.writing = other.writing;
    desk.retry();
    desk.tend(mood("calm"));
    expect([held.open.length, other.open.length]).toEqual([1, 1]);
    await other.answer(NOTES);
    await held.answer(NOTES);
    expect(repertoire.ledger.total).toMatchObject({ onTime: 2, waiting: 1, wasted: 1 });
  });

  test("is not asked for twice by a generator that works on it", () => {
    const held = heldWriting();
    const { repertoire, desk } = open();
    repertoire.writing = held.writing;
    desk.tend(mood("calm"));
    repertoire.limits = { ...LIMITS.full, passes: 2 };
    desk.retry();
    desk.tend(mood("calm"));
    expect(held.open).toHaveLength(1);
  });
});

describe("a bridge that is written beforehand", () => {
  const SPARE = "spare bridge calm>mystery";
  /** Spares fail as often as told; all else is written. */
  const play = (failures: number, tiers: Parameters<typeof rehearse>[0]["tiers"] = []) => {
    let failed = 0;
    return rehearse({
      score: score({
        transitions: [transition({ at: "beat", bridge: { bars: 2, tempo: "ramp" } })],
      }),
      events: [expecting(1, "mystery"), expecting(15, "mystery")],
      until: 25,
      tick: 0.1,
      generatorDelay: () => 0.2,
      generatorFails: ({ id }) => id.startsWith(SPARE) && (failed += 1) <= failures,
      tiers,
    });
  };
  const spares = (result: Rehearsal): number =>
    names(result).filter((name) => name === SPARE).length;

  test("is asked for once where it is written", async () => {
    expect(spares(await play(0))).toBe(1);
  });

  test("is asked for again, in the same mood, after it failed", async () => {
    const result = await play(1);
    expect(spares(result)).toBe(2);
    expect(result.counts["failed"]).toBe(1);
  });

  test("is asked for twice at most, until quality or generator are new", async () => {
    expect(spares(await play(99))).toBe(2);
    expect(spares(await play(99, [{ at: 10, tier: "full" }]))).toBe(4);
  });
});
