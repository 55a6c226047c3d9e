import { describe, expect, test } from "vitest";
import { findCadences } from "../../../engine/generator/cadence.ts";
import { encodeWindow, type EncodedWindow } from "../../../engine/generator/encode.ts";
import { planRepetition } from "../../../engine/generator/repetition.ts";
import type { Logits } from "../../../engine/generator/sampler.ts";
import * as T from "../../../engine/generator/tokens.ts";
import type { BarPlan, Density } from "../../../engine/music/bar-plan.ts";
import { perStem, STEMS } from "../../../engine/music/stem.ts";
import {
  bars,
  laneIds,
  noise,
  onsetsPerBar,
  sampleFake,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

const [LOW, CYMBALS, PERC] = T.DRUM_LANES;
const DRUMS = STEMS.indexOf("drums");
const CRASH = 6;
/** Ids of the snares, among those of the lane that they share with the kick. */
const SNARES = new Set([2, 3]);
const SEEDS = [1, 2, 3, 4, 5, 6];
/** Hits of a lane between two slots of 4/4. */
const hits = (window: EncodedWindow, lane: number, from: number, to: number): number =>
  laneIds(window, lane)
    .slice(from, to)
    .filter((id) => id > T.NO_HIT && id < T.classesOf(lane)).length;

/** A network that finds kicks, low toms and closed hats as likely in every slot, at these log odds. */
function evenly(low: number, perc: number, cymbals: number): Logits {
  const logits = noise(1, 2);
  for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
    for (const [lane, odds] of [
      [LOW, low],
      [PERC, perc],
      [CYMBALS, cymbals],
    ] as const) {
      const base = slot * T.SLOT_LOGITS + T.offsetOf(lane);
      logits.cells.fill(-9, base, base + T.classesOf(lane));
      logits.cells[base] = 0;
      logits.cells[base + 1] = odds;
    }
  }
  return logits;
}

/** Slots with a hit in any lane, and hits of each lane, a bar. */
async function groove(density: Density, logits: Logits) {
  const plans = bars(8, { style: "groove", density: perStem(() => density) });
  const takes = await Promise.all(
    SEEDS.map((seed) => sampleFake(windowSpec({ bars: plans, seed }), { logits })),
  );
  const mean = (of: (window: EncodedWindow) => number): number =>
    takes.reduce((sum, { window }) => sum + of(window), 0) / (8 * SEEDS.length);
  return {
    slots: mean((window) => onsetsPerBar(window, "drums").reduce((a, b) => a + b, 0)),
    low: mean((window) => hits(window, LOW, 0, 128)),
    perc: mean((window) => hits(window, PERC, 0, 128)),
    cymbals: mean((window) => hits(window, CYMBALS, 0, 128)),
  };
}

describe("a groove", () => {
  test("that is asked to be busier is busier in its hats, not in kicks and toms", async () => {
    // 4 of 16 slots, 1 and 4.
    const logits = evenly(Math.log(1 / 3), Math.log(1 / 15), Math.log(1 / 3));
    const [calm, busy] = [await groove(1, logits), await groove(4, logits)];
    expect(busy.slots).toBeGreaterThan(13);
    expect(busy.cymbals).toBeGreaterThan(calm.cymbals + 4);
    expect(busy.low).toBeLessThan(5.5);
    expect(busy.perc).toBeLessThan(2);
  });

  test("that is asked to be thinner loses some of every drum", async () => {
    const logits = evenly(Math.log(1), Math.log(1 / 3), Math.log(3));
    const thin = await groove(1, logits);
    expect(thin.slots).toBeLessThanOrEqual(8.5);
    for (const [lane, expected] of [
      ["low", 8],
      ["perc", 4],
      ["cymbals", 12],
    ] as const) {
      expect(thin[lane]).toBeLessThan(0.75 * expected);
      expect(thin[lane]).toBeGreaterThan(0.2 * expected);
    }
  });

  test("in calm styles leaves slots free, however busy it is asked to be", async () => {
    const kicks = async (style: "chamber" | "groove"): Promise<number> => {
      const plans = bars(8, { style, density: perStem(() => 4) });
      const { window } = await sampleFake(windowSpec({ bars: plans }), { logits: noise(2, 0) });
      return hits(window, LOW, 0, 128);
    };
    expect(await kicks("chamber")).toBeLessThan(0.7 * (await kicks("groove")));
  });
});

describe("a fill", () => {
  /** Eight bars, the fourth of which has a role. */
  const withFourth = (role: BarPlan["role"]): readonly BarPlan[] =>
    bars(8).map((plan, bar) => (bar === 3 ? { ...plan, role } : plan));

  test("follows no bar, and no bar follows it", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const window = encodeWindow(windowSpec({ bars: withFourth("fill"), seed }), voicings);
      const { lag } = planRepetition(window, findCadences(window), seed);
      const drums = lag.subarray(DRUMS * T.WINDOW_BARS, DRUMS * T.WINDOW_BARS + 8);
      expect(drums[3]).toBe(0);
      for (const [bar, back] of drums.entries()) if (back > 0) expect(bar - back).not.toBe(3);
    }
  });

  test("gives its second half to toms and snare, and a crash answers it", async () => {
    const count = async (role: BarPlan["role"]) => {
      let [toms, snares, hats, crashes] = [0, 0, 0, 0];
      for (let seed = 0; seed < 12; seed += 1) {
        const logits = noise(seed, 2);
        // On the downbeat after it a hat is as likely as a crash.
        const downbeat = 64 * T.SLOT_LOGITS + T.offsetOf(CYMBALS);
        logits.cells.fill(-9, downbeat, downbeat + T.classesOf(CYMBALS));
        logits.cells.fill(3, downbeat + 1, downbeat + 2);
        logits.cells.fill(3, downbeat + CRASH, downbeat + CRASH + 1);
        const spec = windowSpec({ bars: withFourth(role), seed });
        const { window } = await sampleFake(spec, { logits });
        toms += hits(window, PERC, 56, 64);
        snares += laneIds(window, LOW)
          .slice(56, 64)
          .filter((id) => SNARES.has(id)).length;
        hats += hits(window, CYMBALS, 56, 64);
        if (laneIds(window, CYMBALS)[64] === CRASH) crashes += 1;
      }
      return { toms, snares, hats, crashes };
    };
    const [fill, plain] = [await count("fill"), await count("A")];
    expect(fill.toms).toBeGreaterThan(1.5 * plain.toms);
    expect(fill.snares).toBeGreaterThan(1.2 * plain.snares);
    expect(fill.hats).toBeLessThan(plain.hats);
    expect(fill.crashes).toBeGreaterThan(plain.crashes);
  });

  test("is answered by a crash where the next bar copies another", async () => {
    const logits = evenly(0, -9, 0);
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 16) {
      logits.cells.fill(6, slot * T.SLOT_LOGITS + T.offsetOf(CYMBALS) + 1);
      logits.cells[slot * T.SLOT_LOGITS + T.offsetOf(CYMBALS) + CRASH] = 6;
    }
    const copied: (number | undefined)[] = [];
    for (let seed = 0; seed < 30; seed += 1) {
      const spec = windowSpec({ bars: withFourth("fill"), seed });
      const planned = encodeWindow(spec, voicings);
      const { lag } = planRepetition(planned, findCadences(planned), seed);
      if ((lag[DRUMS * T.WINDOW_BARS + 4] ?? 0) === 0) continue;
      const { window } = await sampleFake(spec, { logits });
      copied.push(laneIds(window, CYMBALS)[64]);
    }
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((id) => id === CRASH).length).toBeGreaterThan(0.6 * copied.length);
  });
});
