import { describe, expect, test } from "vitest";
import { shippedBank } from "../../engine/bank/shipped.ts";
import type { PhraseTake } from "../../engine/composer/take.ts";
import { createGeneratorService } from "../../engine/generator-worker/create-service.ts";
import { scaleOf } from "../../engine/music/key.ts";
import { ticksPerBar } from "../../engine/time/meter.ts";
import { bpm, unitInterval } from "../../engine/time/units.ts";
import { readShipped } from "../helpers/generator-model.ts";
import { rehearse, type RehearsalOptions } from "../helpers/rehearsal.ts";
import { TIMES } from "../helpers/runs.ts";
import { mood, score } from "../helpers/score.ts";

/** A minute of the model in the usual test command; `PROPERTY_RUNS=10` plays ten. */
const MINUTES = TIMES;
const WANDER = mood("wander", { tempo: bpm(96), valence: 0.3, arousal: unitInterval(0.4) });

/** The takes of one mood, in the order in which they sound. */
async function takesOf(
  minutes: number,
  generator?: RehearsalOptions["generator"],
): Promise<readonly PhraseTake[]> {
  const { takes } = await rehearse({
    score: score({ moods: [WANDER], locations: [], rules: [], stingers: [] }),
    events: [],
    until: minutes * 60,
    tick: 0.25,
    bank: shippedBank,
    ...(generator === undefined ? {} : { generator }),
  });
  return takes.map(({ take }) => take);
}

const melodyOf = ({ notes }: PhraseTake): string =>
  notes.melody.map(({ at, pitch }) => `${at}:${pitch}`).join(" ");
const textOf = ({ notes }: PhraseTake): string => JSON.stringify(notes);

/** The share of a melody's notes that lie in the key of the mood. */
const inKey = (takes: readonly PhraseTake[]): number => {
  const { tonic, mode } = WANDER.key;
  const pitches = takes.flatMap(({ notes }) => notes.melody.map(({ pitch }) => pitch));
  const scale = scaleOf(mode);
  return (
    pitches.filter((pitch) => scale.includes((pitch - tonic + 12) % 12)).length / pitches.length
  );
};

/** The bars of a melody as text, without those that rest. */
const barsOf = (take: PhraseTake): readonly string[] =>
  take.bars
    .map(({ meter }, bar) =>
      take.notes.melody
        .filter(({ at }) => Math.floor(at / ticksPerBar(meter)) === bar)
        .map(({ at, pitch }) => `${at - bar * ticksPerBar(meter)}:${pitch}`)
        .join(" "),
    )
    .filter((bar) => bar !== "");

async function shippedGenerator(): Promise<NonNullable<RehearsalOptions["generator"]>> {
  const service = createGeneratorService({
    now: () => 0,
    clock: () => performance.now(),
    pause: () => Promise.resolve(),
    signOfLife: () => undefined,
  });
  await service.load({ backend: "wasm" }, readShipped(undefined, "lite"));
  return service;
}

describe("long in one mood", () => {
  test(
    "the model's phrases neither come back as they were nor leave the tune",
    { timeout: 400_000 * TIMES },
    async () => {
      // The bank may open, as it is there at once.
      const [, ...takes] = await takesOf(MINUTES, await shippedGenerator());
      expect(takes.length).toBeGreaterThanOrEqual(MINUTES * 5);
      expect(new Set(takes.map(({ source }) => source))).toEqual(new Set(["model"]));
      expect(new Set(takes.map(textOf)).size).toBe(takes.length);
      for (const [index, take] of takes.entries()) {
        const before = takes[index - 1];
        if (before !== undefined) expect(melodyOf(take)).not.toBe(melodyOf(before));
      }
      const bars = takes.flatMap(barsOf);
      const distinct = new Set(bars).size / bars.length;
      // It turns back to its tune, and goes on to something new.
      expect(distinct).toBeLessThan(0.9);
      expect(distinct).toBeGreaterThan(0.2);
      expect(inKey(takes)).toBeGreaterThan(0.85);
    },
  );

  test("without the model no phrase of the bank comes back before three others", async () => {
    const takes = await takesOf(10);
    expect(takes.length).toBeGreaterThan(50);
    for (const [index, take] of takes.entries()) {
      const near = takes.slice(Math.max(0, index - 3), index).map(melodyOf);
      expect(near).not.toContain(melodyOf(take));
    }
    expect(new Set(takes.map(melodyOf)).size).toBeGreaterThan(5);
  });
});
