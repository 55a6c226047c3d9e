import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { FORM_ROLES, STYLES } from "../../../engine/music/bar-plan.ts";
import { CHORD_QUALITIES, chordTones } from "../../../engine/music/chord.ts";
import { MODES } from "../../../engine/music/key.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { METERS, slotsPerBar } from "../../../engine/time/meter.ts";
import * as T from "../../../engine/generator/tokens.ts";
import manifest from "../../../models/shipped/full/model.json" with { type: "json" };

const { vocabulary, shapes } = manifest;

describe("the vocabulary is the shipped model's", () => {
  test("lanes have its names, classes and offsets", () => {
    expect(T.LANES).toEqual(vocabulary.lanes);
    expect(T.SLOT_LOGITS).toBe(T.LANES.reduce((sum, { classes }) => sum + classes, 0));
  });

  test("conditions have its names and classes", () => {
    expect(T.CONDITIONS).toEqual(vocabulary.conditions);
  });

  test("chord ids are root times ten plus its quality", () => {
    expect(T.CHORD_CLASSES).toBe(vocabulary.chordClasses);
    const key = { tonic: 0, mode: "ionian" } as const;
    expect(
      CHORD_QUALITIES.map((name) => ({ name, steps: chordTones({ root: 0, quality: name }, key) })),
    ).toEqual(vocabulary.chordQualities);
  });

  test("words stand in its order", () => {
    expect(STEMS).toEqual(vocabulary.stems);
    expect([...MODES, "unknown"]).toEqual(vocabulary.modes);
    expect([...STYLES, "unknown"]).toEqual(vocabulary.styles);
    expect([...FORM_ROLES, "unknown"]).toEqual(vocabulary.roles);
    expect([...METERS.map(slotsPerBar), 0]).toEqual(vocabulary.meterSlots);
  });

  test("pitch ranges, velocity levels and timing bins are its", () => {
    expect(T.LANE_RANGES).toEqual(vocabulary.ranges);
    expect(T.VELOCITY_LEVELS).toBe(vocabulary.velocityLevels);
    expect(T.TIMING_BINS).toBe(vocabulary.timingBins);
  });

  test("tensors have its shapes", () => {
    expect(shapes.inputs).toEqual({
      cells: [1, T.WINDOW_SLOTS, T.LANE_COUNT],
      chords: [1, T.TOKENS],
      bars: [1, T.WINDOW_BARS, T.CONDITION_COUNT],
    });
    expect(shapes.outputs).toEqual({
      cell_logits: [1, T.WINDOW_SLOTS, T.SLOT_LOGITS],
      chord_logits: [1, T.TOKENS, T.CHORD_CLASSES],
      expression_logits: [1, T.WINDOW_SLOTS, T.SLOT_EXPRESSION],
    });
  });

  test("voicings fit the harmony lane, the span and the root", () => {
    expect(vocabulary.voicings.length).toBeLessThanOrEqual(T.classesOf(T.HARMONY) - T.ONSET);
    for (const shape of vocabulary.voicings) {
      expect(shape.length).toBeLessThanOrEqual(5);
      expect(shape[0]).toBeLessThan(12);
      expect(shape.at(-1)).toBeLessThanOrEqual(28);
    }
  });
});

describe("pitches", () => {
  const lanes = [T.MELODY, T.COUNTER, T.BASS];

  test("a pitch outside a lane's range is folded by octaves, never clipped", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...lanes),
        fc.integer({ min: 0, max: 127 }),
        fc.integer({ min: 0, max: 11 }),
        (lane, pitch, tonic) => {
          const id = T.pitchToId(lane, pitch, tonic);
          expect(id).toBeGreaterThanOrEqual(T.ONSET);
          expect(id).toBeLessThan(T.classesOf(lane));
          const back = T.idToPitch(lane, id, tonic);
          expect(Math.abs(back - pitch) % 12).toBe(0);
          expect(T.pitchToId(lane, back, tonic)).toBe(id);
        },
      ),
    );
  });

  test("an id names a scale step: it moves with the tonic", () => {
    const fifth = T.pitchToId(T.MELODY, 67, 0);
    expect(T.idToPitch(T.MELODY, fifth, 2)).toBe(69);
    expect(T.degreeOf(T.MELODY, fifth)).toBe(7);
  });

  test("tonics above F take the anchor below middle C", () => {
    expect([0, 5, 6, 11].map((tonic) => T.anchorOf(T.MELODY, tonic))).toEqual([60, 65, 54, 59]);
    expect(T.anchorOf(T.BASS, 7)).toBe(31);
  });

  test("chord ids and chords are one to one", () => {
    for (let id = 0; id < T.NO_CHORD; id += 1) {
      const chord = T.chordOf(id);
      expect(chord && T.chordId(chord)).toBe(id);
    }
    expect(T.chordOf(T.NO_CHORD)).toBeUndefined();
  });
});
