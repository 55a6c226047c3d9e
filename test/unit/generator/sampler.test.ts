import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { decodeWindow } from "../../../engine/generator/decode.ts";
import { encodeWindow } from "../../../engine/generator/encode.ts";
import { cellAt, halfToken } from "../../../engine/generator/geometry.ts";
import type { StemMask } from "../../../engine/generator/service.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { TUNABLES } from "../../../engine/generator/tunables.ts";
import type { Density } from "../../../engine/music/bar-plan.ts";
import { perStem, STEMS } from "../../../engine/music/stem.ts";
import { METERS } from "../../../engine/time/meter.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import {
  barPlan,
  bars,
  grammarFaults,
  laneIds,
  maskAll,
  noise,
  noNotes,
  note,
  onsetsPerBar,
  sampleFake,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("grammar", () => {
  const anyMask = fc.oneof(
    fc.constantFrom<StemMask>("keep", "write", "absent"),
    fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ rewrite: unitInterval(share) })),
  );
  const anyMasks = fc.record({
    melody: anyMask,
    counter: anyMask,
    harmony: anyMask,
    bass: anyMask,
    drums: anyMask,
  });
  const anyNotes = fc.array(
    fc
      .tuple(fc.nat(4 * 3840), fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 30, max: 90 }))
      .map(([at, duration, pitch]) => note(at, duration, pitch)),
    { maxLength: 20 },
  );

  test("whatever is masked, given and drawn: no cell stays open, no hold follows a rest", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMasks, { minLength: 4, maxLength: 4 }),
        anyNotes,
        fc.constantFrom(...METERS),
        fc.constantFrom(1, 2, 4, 8, 12),
        fc.integer(),
        fc.constantFrom<Density>("free", 1, 4),
        async (mask, given, meter, passes, seed, density) => {
          const plans = bars(4, { meter, density: perStem(() => density) });
          const spec = windowSpec({ bars: plans, mask, given: perStem(() => given), seed });
          const { window } = await sampleFake(spec, { passes, logits: noise(seed, seed % 4) });
          expect(grammarFaults(window)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("kept cells are untouched", async () => {
    const melody = [note(0, 960, 67), note(960, 1920, 64), note(3840, 960, 60)];
    const mask = maskAll(4, "write").map((bar, i) => ({
      ...bar,
      melody: "keep" as const,
      harmony: i < 2 ? ("keep" as const) : ("write" as const),
      bass: { rewrite: unitInterval(0.5) },
    }));
    const bass = Array.from({ length: 8 }, (_, i) => note(i * 1920, 960, 40 + i));
    const spec = windowSpec({ given: { ...noNotes, melody, bass }, mask });
    const before = encodeWindow(spec, voicings);
    const { window } = await sampleFake(spec);
    for (const [cell, id] of before.cells.entries()) {
      if (before.open[cell] === 0) expect(window.cells[cell]).toBe(id);
    }
    expect(decodeWindow(window, { voicings }).melody).toEqual(melody);
  });

  test("a kept note is never made longer by what is written after it", async () => {
    const mask = [perStem(() => "keep" as const), perStem(() => "write" as const)];
    const given = { ...noNotes, melody: [note(1920, 1920, 67)] };
    const holds = noise(1, 0);
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) holds.cells[slot * T.SLOT_LOGITS] = 9;
    const { window } = await sampleFake(windowSpec({ bars: bars(2), given, mask }), {
      logits: holds,
    });
    expect(decodeWindow(window, { voicings }).melody[0]?.duration).toBe(1920);
  });

  test("absent stems are never written", async () => {
    const mask = maskAll(4, "write").map((bar) => ({ ...bar, counter: "absent" as const }));
    const { window, seen } = await sampleFake(windowSpec({ mask }));
    expect(new Set(laneIds(window, T.COUNTER))).toEqual(new Set([T.absentId(T.COUNTER)]));
    for (const cells of seen) expect(cells[T.COUNTER]).toBe(T.absentId(T.COUNTER));
    expect(decodeWindow(window, { voicings }).counter).toEqual([]);
  });

  test("a silent stem stays silent", async () => {
    const plans = bars(4, { density: { ...perStem(() => 3 as const), drums: 0, bass: 0 } });
    const { window } = await sampleFake(windowSpec({ bars: plans }), { logits: noise(1, -3) });
    const notes = decodeWindow(window, { voicings });
    expect([notes.drums, notes.bass]).toEqual([[], []]);
    expect(notes.melody.length).toBeGreaterThan(0);
  });
});

describe("determinism", () => {
  test("same window, seed and logits give the same ids", async () => {
    const spec = windowSpec({ seed: 77 });
    const [a, b] = [await sampleFake(spec), await sampleFake(spec)];
    expect([...a.window.cells]).toEqual([...b.window.cells]);
  });

  test("another seed gives other music", async () => {
    const [a, b] = [
      await sampleFake(windowSpec({ seed: 1 })),
      await sampleFake(windowSpec({ seed: 2 })),
    ];
    expect(laneIds(a.window, T.MELODY)).not.toEqual(laneIds(b.window, T.MELODY));
  });
});

describe("density", () => {
  const takes = async (density: Density, restBias: number) => {
    const plans = bars(8, { density: perStem(() => density) });
    const seeds = [1, 2, 3];
    return Promise.all(
      seeds.map((seed) =>
        sampleFake(windowSpec({ bars: plans, seed }), { logits: noise(seed, restBias) }),
      ),
    );
  };

  test("each level has more onsets than the one below, in every stem", async () => {
    const levels = await Promise.all(([1, 2, 3, 4] as const).map((density) => takes(density, 2)));
    for (const stem of STEMS) {
      const counts = levels.map((windows) =>
        sum(windows.flatMap(({ window }) => onsetsPerBar(window, stem))),
      );
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(new Set(counts).size).toBe(4);
    }
  });

  test("a network that wants silence, and one that wants noise, end within a note of the band", async () => {
    const cuts = TUNABLES.densityCuts.melody;
    for (const restBias of [6, -6]) {
      for (const { window } of await takes(2, restBias)) {
        for (const onsets of onsetsPerBar(window, "melody")) {
          expect(onsets).toBeGreaterThan(cuts[0] * 16 - 1);
          expect(onsets).toBeLessThanOrEqual(cuts[1] * 16 + 1);
        }
      }
    }
  });

  test("no bar is empty, however much the network wants silence", async () => {
    for (const { window } of await takes(1, 60)) {
      for (const stem of STEMS) expect(Math.min(...onsetsPerBar(window, stem))).toBeGreaterThan(0);
    }
  });

  test("free keeps the notes that the network itself expects", async () => {
    // Onsets have probability e/(e + 2 + …): confidence sampling alone would drop most of them.
    const logits = noise(3, 0);
    const lane = T.LANES[T.MELODY];
    let expected = 0;
    for (let slot = 0; slot < 64; slot += 1) {
      const base = slot * T.SLOT_LOGITS + (lane?.offset ?? 0);
      logits.cells[base + T.REST] = 4.5;
      const weights = Array.from(logits.cells.subarray(base, base + 50), Math.exp);
      expected += sum(weights.slice(2)) / sum(weights);
    }
    const counts = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => {
        const spec = windowSpec({ bars: bars(4, { density: perStem(() => "free") }), seed });
        return sum(onsetsPerBar((await sampleFake(spec, { logits })).window, "melody"));
      }),
    );
    const mean = sum(counts) / counts.length;
    expect(mean / expected).toBeGreaterThan(0.85);
    expect(mean / expected).toBeLessThan(1.15);
  });
});

describe("music", () => {
  test("bass notes on strong beats are tones of their chord", async () => {
    const plans = bars(8, { density: perStem(() => 3) });
    const { window } = await sampleFake(windowSpec({ bars: plans }), { logits: noise(5, 0) });
    const strong = laneIds(window, T.BASS).filter((id, slot) => slot % 8 === 0 && id >= T.ONSET);
    expect(strong.length).toBeGreaterThan(4);
    for (const id of strong) expect([0, 4, 7]).toContain(T.degreeOf(T.BASS, id));
  });

  test("melodies mostly step even where the network has no opinion", async () => {
    const spec = windowSpec({ bars: bars(8, { density: perStem(() => 4) }) });
    const { window } = await sampleFake(spec, { logits: noise(5, 0) });
    const pitches = decodeWindow(window, { voicings }).melody.map(({ pitch }) => pitch);
    const steps = pitches.slice(1).filter((pitch, i) => Math.abs(pitch - (pitches[i] ?? 0)) <= 4);
    expect(steps.length / pitches.length).toBeGreaterThan(0.4);
  });

  test("drums repeat what a bar ago was at the same place, more than what was anywhere", async () => {
    const repeats = async (lag: number): Promise<number> => {
      const takes = await Promise.all(
        [1, 2, 3].map((seed) =>
          sampleFake(windowSpec({ bars: bars(8), seed }), { logits: noise(seed, 2) }),
        ),
      );
      return sum(
        takes.map(({ window }) => {
          const ids = laneIds(window, T.DRUM_LANES[1]);
          return ids.filter((id, slot) => id > 0 && id === ids[slot - lag]).length;
        }),
      );
    };
    expect(await repeats(16)).toBeGreaterThan(1.3 * (await repeats(13)));
  });

  test("the rests that the network expects are kept", async () => {
    const logits = noise(3, 0);
    const lane = T.LANES[T.BASS];
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
      const base = slot * T.SLOT_LOGITS + (lane?.offset ?? 0);
      logits.cells[base + T.HOLD] = 6;
      logits.cells[base + T.REST] = 5;
    }
    const { window } = await sampleFake(windowSpec({ bars: bars(8) }), { logits });
    const ids = laneIds(window, T.BASS);
    const silent = ids.filter((id) => id === T.REST).length;
    const held = ids.filter((id) => id === T.HOLD).length;
    // The network's share is 1 / (1 + e) = .27; settling cell by cell would leave next to none.
    expect(silent / (silent + held)).toBeGreaterThan(0.15);
    expect(silent / (silent + held)).toBeLessThan(0.45);
  });

  test("leaps beyond an octave are rare even where the network has no opinion", async () => {
    const spec = windowSpec({ bars: bars(8, { density: perStem(() => 4) }) });
    const { window } = await sampleFake(spec, { logits: noise(5, 0) });
    const pitches = decodeWindow(window, { voicings }).melody.map(({ pitch }) => pitch);
    const leaps = pitches.slice(1).filter((pitch, i) => Math.abs(pitch - (pitches[i] ?? 0)) > 12);
    expect(leaps.length / pitches.length).toBeLessThan(0.1);
  });

  test("open chords are decided, alike within a half bar, before the harmony that counts from them", async () => {
    const plans = bars(4, { chords: [undefined, undefined] });
    const { window } = await sampleFake(windowSpec({ bars: plans }));
    for (let half = 0; half < 8; half += 1) {
      const token = halfToken(window.geometry, half);
      const ids = new Set(window.chords.slice(token, token + 4));
      expect(ids.size).toBe(1);
      expect(Math.max(...ids)).toBeLessThan(T.CHORD_CLASSES);
    }
  });

  test("lanes are decided in the order harmony, melody, drums", async () => {
    const { seen } = await sampleFake(windowSpec());
    const shareAt = (pass: number, lane: number): number => {
      const cells = seen[pass] ?? new Int32Array();
      const decided = Array.from({ length: 64 }, (_, slot) => cells[slot * T.LANE_COUNT + lane]);
      return decided.filter((id) => id !== T.maskId(lane)).length / 64;
    };
    expect(shareAt(5, T.HARMONY)).toBeGreaterThan(shareAt(5, T.MELODY));
    expect(shareAt(5, T.MELODY)).toBeGreaterThan(shareAt(5, T.DRUM_LANES[0]));
    expect(shareAt(5, T.DRUM_LANES[0])).toBeLessThan(0.05);
  });

  test("the last passes mask some onsets again, a few of them", async () => {
    const { seen } = await sampleFake(windowSpec());
    const last = seen.at(-1) ?? new Int32Array();
    const masked = Array.from({ length: 64 }, (_, slot) => last[slot * T.LANE_COUNT]).filter(
      (id) => id === T.maskId(T.MELODY),
    );
    expect(masked.length).toBeGreaterThan(2);
    expect(masked.length).toBeLessThan(13);
  });
});

describe("passes", () => {
  test("as many run as were asked for", async () => {
    for (const passes of [1, 2, 4, 8, 12]) {
      const { outcome, seen, ...result } = await sampleFake(windowSpec(), { passes });
      expect([outcome, result.passes, seen.length]).toEqual(["written", passes, passes]);
    }
  });

  test("a single stem uses all of them", async () => {
    const mask = maskAll(4, "absent").map((bar) => ({ ...bar, drums: "write" as const }));
    const { seen } = await sampleFake(windowSpec({ mask }), { passes: 8 });
    const drum = T.DRUM_LANES[1];
    const second = Array.from({ length: 64 }, (_, slot) => seen[1]?.[slot * T.LANE_COUNT + drum]);
    expect(second.filter((id) => id !== T.maskId(drum)).length).toBeGreaterThan(0);
  });

  test("none runs when nothing is to be written", async () => {
    const { outcome, passes } = await sampleFake(windowSpec({ mask: maskAll(4, "keep") }));
    expect([outcome, passes]).toEqual(["written", 0]);
  });

  test("at the deadline the likeliest choice fills every open cell", async () => {
    const { outcome, passes, window } = await sampleFake(
      windowSpec({ bars: [barPlan({ chords: [undefined, undefined] }), ...bars(3)] }),
      { next: (done) => (done >= 3 ? "commit" : "continue") },
    );
    expect([outcome, passes]).toEqual(["committed-early", 3]);
    expect(grammarFaults(window)).toEqual([]);
    expect(sum(onsetsPerBar(window, "drums"))).toBeGreaterThan(0);
  });

  test("a deadline that has passed already still gets one pass", async () => {
    const { outcome, passes, window } = await sampleFake(windowSpec(), { next: () => "commit" });
    expect([outcome, passes]).toEqual(["committed-early", 1]);
    expect(grammarFaults(window)).toEqual([]);
  });

  test("a cancelled window stops before its next pass", async () => {
    const { outcome, passes, seen } = await sampleFake(windowSpec(), {
      next: (done) => (done === 2 ? "cancel" : "continue"),
    });
    expect([outcome, passes, seen.length]).toEqual(["cancelled", 2, 2]);
  });

  test("a model with a short voicing table is never asked for a shape beyond it", async () => {
    const { window } = await sampleFake(windowSpec({ bars: bars(8) }), { logits: noise(9, -2) });
    const highest = Math.max(
      ...laneIds(window, T.HARMONY).filter((id) => id < T.classesOf(T.HARMONY)),
    );
    expect(highest).toBeLessThan(T.ONSET + voicings.shapes.length);
    expect(window.cells[cellAt(window.geometry, 0, T.HARMONY)]).toBeLessThan(98);
  });
});
