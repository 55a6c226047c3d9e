import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { decodeWindow, notesOfBars } from "../../../engine/generator/decode.ts";
import { drumIds, drumKeys } from "../../../engine/generator/drum-map.ts";
import { encodeWindow } from "../../../engine/generator/encode.ts";
import { cellAt, createGeometry } from "../../../engine/generator/geometry.ts";
import { quantise } from "../../../engine/generator/quantise.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { createVoicings, octaveToId, voicingOf } from "../../../engine/generator/voicings.ts";
import type { Note } from "../../../engine/music/note.ts";
import { perStem, type PerStem } from "../../../engine/music/stem.ts";
import { METERS, slotsPerBar, ticksPerBar, ticksPerSlot } from "../../../engine/time/meter.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import {
  barPlan,
  bars,
  laneIds,
  maskAll,
  noNotes,
  note,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

const keep = (given: Partial<PerStem<readonly Note[]>>, count = 2) =>
  windowSpec({ bars: bars(count), given: { ...noNotes, ...given }, mask: maskAll(count, "keep") });

const sounding = (notes: readonly Note[]) =>
  notes.map(({ at, duration, pitch }) => [at, duration, pitch]);

describe("round trips", () => {
  const slotTicks = ticksPerSlot("4/4");

  /** Lines of notes on the grid that never overlap, within a lane's range. */
  const line = (low: number, high: number) =>
    fc
      .array(
        fc.record({
          gap: fc.integer({ min: 0, max: 5 }),
          slots: fc.integer({ min: 1, max: 6 }),
          pitch: fc.integer({ min: low, max: high }),
        }),
        { maxLength: 12 },
      )
      .map((steps) => {
        let slot = 0;
        return steps.flatMap(({ gap, slots, pitch }) => {
          const start = slot + gap;
          slot = start + slots;
          return slot > 32 ? [] : [note(start * slotTicks, slots * slotTicks, pitch)];
        });
      });

  test("a line on the grid comes back as it was, in every lane and key", () => {
    fc.assert(
      fc.property(
        line(48, 90),
        line(44, 80),
        line(30, 52),
        fc.nat(11),
        (melody, counter, bass, tonic) => {
          const spec = keep({ melody, counter, bass });
          const key = { tonic, mode: "dorian" } as const;
          const plans = spec.bars.map((plan) => ({ ...plan, key }));
          const window = encodeWindow({ ...spec, bars: plans }, voicings);
          const decoded = decodeWindow(window, { voicings });
          for (const stem of ["melody", "counter", "bass"] as const) {
            expect(sounding(decoded[stem])).toEqual(sounding(spec.given[stem]));
          }
        },
      ),
    );
  });

  test("ids decoded without their origins encode to the same ids", () => {
    const id = (lane: number) => fc.integer({ min: T.ONSET, max: T.classesOf(lane) - 1 });
    const column = fc.record({
      melody: id(T.MELODY),
      counter: id(T.COUNTER),
      bass: id(T.BASS),
      // Two shapes with the same notes above one root would be one id after a round trip.
      shape: fc.integer({ min: 0, max: voicings.shapes.length - 1 }),
      octave: fc.integer({ min: 0, max: 4 }),
      drums: fc.tuple(fc.nat(5), fc.nat(6), fc.nat(5)),
    });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 8, maxLength: 8 }),
        fc.nat(11),
        (columns, tonic) => {
          const plan = barPlan({ key: { tonic, mode: "aeolian" } });
          const blank = windowSpec({ bars: [plan, plan], mask: maskAll(2, "keep") });
          const written = encodeWindow(blank, voicings);
          for (const [i, c] of columns.entries()) {
            const put = (lane: number, value: number): void => {
              written.cells[cellAt(written.geometry, 4 * i, lane)] = value;
            };
            put(T.MELODY, c.melody);
            put(T.COUNTER, c.counter);
            put(T.BASS, c.bass);
            put(T.HARMONY, T.ONSET + c.shape);
            put(T.OCTAVE, c.octave);
            for (const [k, lane] of T.DRUM_LANES.entries()) put(lane, c.drums[k] ?? 0);
          }
          const given = decodeWindow(written, { voicings });
          expect([...encodeWindow({ ...blank, given }, voicings).cells]).toEqual([
            ...written.cells,
          ]);
        },
      ),
    );
  });

  test("every bar of every meter has its slots, the rest is absent", () => {
    for (const meter of METERS) {
      const window = encodeWindow(windowSpec({ bars: bars(2, { meter }) }), voicings);
      const used = slotsPerBar(meter);
      for (let place = 0; place < 2 * T.BAR_SLOTS; place += 1) {
        const id = window.cells[place * T.LANE_COUNT + T.MELODY];
        const inside = place % T.BAR_SLOTS < used;
        expect(id).toBe(inside ? T.maskId(T.MELODY) : T.absentId(T.MELODY));
      }
      expect([...window.bars.slice(0, 1), window.bars[2 * T.CONDITION_COUNT]]).toEqual([
        METERS.indexOf(meter),
        4,
      ]);
    }
  });
});

describe("quantising", () => {
  test("a note goes to the nearest slot and keeps its own timing when it is kept", () => {
    const late = note(250, 470, 64, 33);
    const window = encodeWindow(keep({ melody: [late] }), voicings);
    expect(laneIds(window, T.MELODY).slice(0, 4)).toEqual([T.REST, 18, T.HOLD, T.REST]);
    expect(decodeWindow(window, { voicings }).melody).toEqual([note(250, 470, 64, 33)]);
  });

  test("a note at the very end of the window takes the last slot", () => {
    const geometry = createGeometry("3/4", 1);
    const [last] = quantise([note(ticksPerBar("3/4") - 5, 100, 60)], geometry);
    expect([last?.slot, last?.end]).toEqual([11, 12]);
  });

  test("notes outside the window are left out", () => {
    expect(quantise([note(4 * 3840, 100, 60)], createGeometry("4/4", 4))).toEqual([]);
  });

  test("of notes in one slot the melody takes the highest and the bass the lowest", () => {
    const both = [note(0, 240, 60), note(0, 240, 48)];
    const window = encodeWindow(keep({ melody: both, bass: both }), voicings);
    const decoded = decodeWindow(window, { voicings });
    expect(decoded.melody.map(({ pitch }) => pitch)).toEqual([60]);
    expect(decoded.bass.map(({ pitch }) => pitch)).toEqual([48]);
  });
});

describe("harmony", () => {
  test("a voicing counts from the chord of its half bar", () => {
    const plan = barPlan({
      chords: [
        { root: 0, quality: "maj" },
        { root: 7, quality: "maj" },
      ],
    });
    const triad = (at: number, root: number) =>
      [0, 4, 7].map((offset) => note(at, 1920, root + offset));
    const given = { ...noNotes, harmony: [...triad(0, 48), ...triad(1920, 55)] };
    const spec = windowSpec({ bars: [plan], given, mask: maskAll(1, "keep") });
    const ids = laneIds(encodeWindow(spec, voicings), T.HARMONY);
    expect(ids[0]).toBe(ids[8]);
    expect(ids.filter((id) => id >= T.ONSET)).toHaveLength(2);
  });

  test("a shape that is not in the table takes the one with the same pitch classes and nearest ends", () => {
    expect(voicings.shapes[voicings.nearest([0, 4, 16, 19])]).toEqual([0, 7, 16]);
    expect(voicings.shapes[voicings.nearest([4, 7, 12])]).toEqual([4, 7, 12]);
  });

  test("offsets are 1–5, the lowest within an octave of the root, none above 28", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 21, max: 108 }), { minLength: 1, maxLength: 9 }),
        fc.nat(11),
        (pitches, rootClass) => {
          const { offsets, octave } = voicingOf(pitches, rootClass);
          expect(offsets.length).toBeLessThanOrEqual(5);
          expect(offsets[0]).toBeLessThan(12);
          expect(Math.max(...offsets)).toBeLessThanOrEqual(28);
          const lowest = 12 * (octave + 1) + rootClass + (offsets[0] ?? 0);
          expect(lowest).toBe(Math.min(...pitches));
          expect(octaveToId(octave)).toBeLessThan(5);
        },
      ),
    );
  });

  test("a chord that is left open under kept notes is heard out of them", () => {
    const plan = barPlan({ chords: [undefined, undefined] });
    const given = { ...noNotes, harmony: [57, 60, 64].map((pitch) => note(0, 3840, pitch)) };
    const window = encodeWindow(
      windowSpec({ bars: [plan], given, mask: maskAll(1, "keep") }),
      voicings,
    );
    expect(Array.from(window.chords.subarray(0, 8))).toEqual(
      Array.from({ length: 8 }, () => T.chordId({ root: 9, quality: "min" })),
    );
  });

  test("a chord that is left open and has no notes is masked", () => {
    const plan = barPlan({ chords: [{ root: 5, quality: "maj" }, undefined] });
    const window = encodeWindow(windowSpec({ bars: [plan] }), voicings);
    expect(Array.from(window.chords.subarray(0, 9))).toEqual([
      50,
      50,
      50,
      50,
      T.CHORD_MASK,
      T.CHORD_MASK,
      T.CHORD_MASK,
      T.CHORD_MASK,
      T.CHORD_ABSENT,
    ]);
  });

  test("an empty table is refused", () => {
    expect(() => createVoicings([])).toThrow(RangeError);
  });
});

describe("drums", () => {
  test("the keys of every id give the id back", () => {
    for (const [index, lane] of T.DRUM_LANES.entries()) {
      for (let id = 0; id < T.classesOf(lane); id += 1) {
        expect(drumIds(drumKeys(lane, id))[index]).toBe(id);
      }
    }
  });

  test("keys share a slot by the written priorities", () => {
    expect(drumIds([36, 38, 42, 49, 45])).toEqual([3, 6, 2]);
    expect(drumIds([35, 37, 44, 42, 70])).toEqual([5, 3, 4]);
    expect(drumIds([999])).toEqual([0, 0, 0]);
  });
});

describe("masks", () => {
  test("a written bar is masked, a kept one is not, an absent one holds nothing", () => {
    const plans = bars(3);
    const mask = [
      perStem(() => "keep" as const),
      perStem(() => "write" as const),
      perStem(() => "absent" as const),
    ];
    const window = encodeWindow(windowSpec({ bars: plans, mask }), voicings);
    const ids = laneIds(window, T.BASS);
    expect(new Set(ids.slice(0, 16))).toEqual(new Set([T.REST]));
    expect(new Set(ids.slice(16, 32))).toEqual(new Set([T.maskId(T.BASS)]));
    expect(new Set(ids.slice(32))).toEqual(new Set([T.absentId(T.BASS)]));
  });

  test("a rewrite frees its share of the cells", () => {
    for (const share of [0, 0.25, 0.3, 0.5, 1]) {
      const mask = maskAll(4, { rewrite: unitInterval(share) });
      const window = encodeWindow(windowSpec({ mask }), voicings);
      const masked = laneIds(window, T.MELODY).filter((id) => id === T.maskId(T.MELODY));
      expect(masked).toHaveLength(4 * Math.round(16 * share));
    }
  });

  test("a density of 0 is silence that nobody may fill", () => {
    const plan = barPlan({ density: { ...perStem(() => 2 as const), melody: 0, drums: 0 } });
    const window = encodeWindow(windowSpec({ bars: [plan] }), voicings);
    expect(new Set(laneIds(window, T.MELODY))).toEqual(new Set([T.REST]));
    expect(new Set(laneIds(window, T.DRUM_LANES[0]))).toEqual(new Set([T.NO_HIT]));
  });

  test("a kept note that sounds on into a written bar stays whole", () => {
    const mask = [perStem(() => "keep" as const), perStem(() => "write" as const)];
    const given = { ...noNotes, melody: [note(2880, 1440, 67)] };
    const window = encodeWindow(windowSpec({ bars: bars(2), given, mask }), voicings);
    expect(laneIds(window, T.MELODY).slice(12, 19)).toEqual([
      21,
      T.HOLD,
      T.HOLD,
      T.HOLD,
      T.HOLD,
      T.HOLD,
      T.maskId(T.MELODY),
    ]);
  });

  test("notes of bars that were kept are not answered", () => {
    const given = { ...noNotes, melody: [note(0, 960, 60), note(3840, 960, 62)] };
    const window = encodeWindow(keep(given), voicings);
    const notes = notesOfBars(decodeWindow(window, { voicings }), window, (bar) => bar === 1);
    expect(notes.melody.map(({ pitch }) => pitch)).toEqual([62]);
  });

  test("windows of the wrong size, meter or mask are refused", () => {
    const mixed = [barPlan(), barPlan({ meter: "3/4" })];
    expect(() => encodeWindow(windowSpec({ bars: [] }), voicings)).toThrow(/1–16 bars, got 0/);
    expect(() => encodeWindow(windowSpec({ bars: bars(17) }), voicings)).toThrow(/got 17/);
    expect(() => encodeWindow(windowSpec({ bars: mixed }), voicings)).toThrow(/one meter and key/);
    expect(() => encodeWindow(windowSpec({ mask: [] }), voicings)).toThrow(/expected 4 masks/);
  });
});

describe("conditions", () => {
  test("a plan's numbers fall into their steps, what is open is unknown", () => {
    const plan = barPlan({
      role: "bridge",
      positionInPhrase: 5,
      intensity: unitInterval(1),
      valence: -1,
      arousal: unitInterval(0.99),
      style: "game-driving",
      key: { tonic: 4, mode: "phrygian" },
      density: { melody: 0, counter: 4, harmony: "free", bass: 1, drums: 2 },
    });
    const mask = [{ ...perStem(() => "write" as const), drums: "absent" as const }];
    const { bars: ids } = encodeWindow(windowSpec({ bars: [plan], mask }), voicings);
    expect(Array.from(ids.subarray(0, T.CONDITION_COUNT))).toEqual([
      0, 2, 3, 3, 5, 7, 0, 4, 0, 4, 5, 1, 5, 4, 1, 1, 0, 0,
    ]);
  });

  test("what is written whole has the tune on top; what keeps notes, rests or is absent keeps its register", () => {
    const mask = [
      perStem(() => "write" as const),
      { ...perStem(() => "keep" as const), counter: { rewrite: unitInterval(0.5) } },
    ];
    const { bars: ids } = encodeWindow(windowSpec({ bars: bars(2), mask }), voicings);
    const registers = (bar: number): readonly number[] =>
      Array.from(ids.subarray(bar * T.CONDITION_COUNT + 13, bar * T.CONDITION_COUNT + 17));
    expect(registers(0)).toEqual([2, 1, 1, 1]);
    expect(registers(1)).toEqual([4, 4, 4, 4]);
  });
});

describe("expression", () => {
  const oneNote = () => {
    const window = encodeWindow(keep({}, 1), voicings);
    window.cells[cellAt(window.geometry, 4, T.MELODY)] = 20;
    window.cells[cellAt(window.geometry, 0, T.BASS)] = 20;
    return window;
  };
  const logits = (velocityLevel: number, timingBin: number): Float32Array => {
    const values = new Float32Array(T.WINDOW_SLOTS * T.SLOT_EXPRESSION).fill(-20);
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
      for (let stem = 0; stem < 5; stem += 1) {
        const start = slot * T.SLOT_EXPRESSION + stem * 17;
        values[start + velocityLevel] = 20;
        values[start + 8 + timingBin] = 20;
      }
    }
    return values;
  };

  test("level v is velocity 16 v + 8 and bin b is (b − 4) / 16 of a slot", () => {
    const { melody } = decodeWindow(oneNote(), { voicings, expression: logits(6, 8) });
    expect(melody[0]).toMatchObject({ at: 4 * 240 + 60, velocity: 104 });
  });

  test("nothing moves to before its bar", () => {
    const early = decodeWindow(oneNote(), { voicings, expression: logits(3, 0) });
    expect(early.bass[0]?.at).toBe(0);
    expect(early.melody[0]?.at).toBe(4 * 240 - 60);
  });
});
