import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCadences } from "../../../engine/generator/cadence.ts";
import { encodeWindow, type EncodedWindow } from "../../../engine/generator/encode.ts";
import { cellAt } from "../../../engine/generator/geometry.ts";
import { mayRest, silenceOrphans } from "../../../engine/generator/grammar.ts";
import { planRepetition, type Repetition } from "../../../engine/generator/repetition.ts";
import { createState } from "../../../engine/generator/state.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { TUNABLES } from "../../../engine/generator/tunables.ts";
import { perStem, STEMS } from "../../../engine/music/stem.ts";
import { METERS } from "../../../engine/time/meter.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import {
  bars,
  laneIds,
  maskAll,
  noise,
  note,
  noNotes,
  sampleFake,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

const planOf = (window: EncodedWindow, seed: number): Repetition =>
  planRepetition(window, findCadences(window), seed);

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

/** The ids of a bar in one lane. */
const barIds = (window: EncodedWindow, lane: number, bar: number): readonly number[] =>
  laneIds(window, lane).slice(bar * window.geometry.slots, (bar + 1) * window.geometry.slots);

describe("repetition", () => {
  test("a plan is the same for the same seed, and another for another", () => {
    const window = encodeWindow(windowSpec({ bars: bars(16) }), voicings);
    expect(planOf(window, 5)).toEqual(planOf(window, 5));
    expect(planOf(window, 5).lag).not.toEqual(planOf(window, 6).lag);
  });

  test("no bar follows one before the window, and none of which a beat is kept follows any", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.constantFrom(...METERS),
        (seed, count, meter) => {
          const mask = maskAll(count, "write").map((bar, i) =>
            i % 3 === 2 ? perStem(() => ({ rewrite: unitInterval(0.5) })) : bar,
          );
          const spec = windowSpec({ bars: bars(count, { meter }), mask, seed });
          const { lag } = planOf(encodeWindow(spec, voicings), seed);
          for (let i = 0; i < lag.length; i += 1) {
            const bar = i % T.WINDOW_BARS;
            expect(lag[i]).toBeLessThanOrEqual(bar);
            if (bar >= count || bar % 3 === 2) expect(lag[i]).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("pitches are never copied over another chord", () => {
    const plans = bars(16).map((plan, i) => ({
      ...plan,
      chords: [
        { root: i % 12, quality: "maj" },
        { root: i % 12, quality: "maj" },
      ] as const,
    }));
    const window = encodeWindow(windowSpec({ bars: plans }), voicings);
    for (const seed of SEEDS) {
      const { same, lag } = planOf(window, seed);
      const pitched = same.subarray(0, STEMS.indexOf("drums") * T.WINDOW_BARS);
      expect([...pitched]).toEqual([...pitched].fill(0));
      expect(Math.max(...lag)).toBeGreaterThan(0);
    }
  });

  test("a bar that is silent for good is not followed", () => {
    const mask = maskAll(4, "write").map((bar, i) => ({
      ...bar,
      melody: i < 2 ? ("keep" as const) : ("write" as const),
    }));
    const given = { ...noNotes, melody: [note(0, 960, 67)] };
    const window = encodeWindow(windowSpec({ given, mask }), voicings);
    for (const seed of SEEDS) {
      const { lag } = planOf(window, seed);
      for (const bar of [2, 3]) expect(bar - (lag[bar] ?? 0)).not.toBe(1);
    }
  });

  test("bars that copy others repeat them, where the network has no opinion", async () => {
    const flat = noise(0, 0);
    for (const logits of Object.values(flat)) (logits as Float32Array).fill(0);
    let copied = 0;
    let alike = 0;
    for (const seed of SEEDS.slice(0, 4)) {
      const spec = windowSpec({ bars: bars(8), seed });
      const { same, lag } = planOf(encodeWindow(spec, voicings), seed);
      const { window } = await sampleFake(spec, { logits: flat });
      for (let bar = 0; bar < 8; bar += 1) {
        const at = STEMS.indexOf("bass") * T.WINDOW_BARS + bar;
        if (same[at] !== 1) continue;
        const [own, source] = [bar, bar - (lag[at] ?? 0)].map((i) => barIds(window, T.BASS, i));
        copied += 16;
        alike += own?.filter((id, place) => id === source?.[place]).length ?? 0;
      }
    }
    expect(copied).toBeGreaterThan(100);
    expect(alike / copied).toBeGreaterThan(0.85);
  });
});

describe("cadences", () => {
  test("a phrase ends on a tone of the chord, on the last strong beat", async () => {
    for (const seed of SEEDS.slice(0, 4)) {
      const { window } = await sampleFake(windowSpec({ bars: bars(8), seed }), {
        logits: noise(seed, 1),
      });
      const id = barIds(window, T.MELODY, 7)[8] ?? T.REST;
      expect(id).toBeGreaterThanOrEqual(T.ONSET);
      expect([0, 4, 7]).toContain(T.degreeOf(T.MELODY, id));
    }
  });

  test("its last note is held, longer than notes elsewhere", async () => {
    const held = (window: EncodedWindow, bar: number): number =>
      barIds(window, T.MELODY, bar)
        .slice(9)
        .filter((id) => id === T.HOLD).length;
    let [ends, others] = [0, 0];
    for (const seed of SEEDS.slice(0, 4)) {
      const { window } = await sampleFake(windowSpec({ bars: bars(8), seed }), {
        logits: noise(seed, 1),
      });
      ends += held(window, 7);
      others += held(window, 5);
    }
    expect(ends).toBeGreaterThan(1.5 * others);
  });

  test("a bar of which a beat is kept is no cadence", () => {
    const mask = maskAll(8, "write").map((bar) => ({
      ...bar,
      melody: { rewrite: unitInterval(0.5) },
    }));
    const window = encodeWindow(windowSpec({ bars: bars(8), mask }), voicings);
    expect([...findCadences(window)]).toEqual(Array.from({ length: 16 }, () => 0));
  });
});

describe("orphaned holds", () => {
  test("fall silent when a rest is written before them, unless they were given", () => {
    const window = encodeWindow(windowSpec(), voicings);
    const state = createState(window, voicings.shapes, 1, TUNABLES.densityCuts);
    const cell = (slot: number): number => cellAt(window.geometry, slot, T.MELODY);
    window.cells[cell(0)] = T.REST;
    for (const slot of [2, 3]) window.cells[cell(slot)] = T.HOLD;
    expect(mayRest(state, T.MELODY, 1)).toBe(true);
    silenceOrphans(state, T.MELODY, 2);
    expect(laneIds(window, T.MELODY).slice(2, 5)).toEqual([T.REST, T.REST, T.maskId(T.MELODY)]);
    window.cells[cell(2)] = T.HOLD;
    window.open[cell(2)] = 0;
    expect(mayRest(state, T.MELODY, 1)).toBe(false);
  });
});
