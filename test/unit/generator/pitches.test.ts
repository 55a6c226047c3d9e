import { describe, expect, test } from "vitest";
import { decodeWindow } from "../../../engine/generator/decode.ts";
import { encodeWindow } from "../../../engine/generator/encode.ts";
import { isOnset } from "../../../engine/generator/grammar.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { MODES } from "../../../engine/music/key.ts";
import { perStem } from "../../../engine/music/stem.ts";
import {
  bars,
  laneIds,
  noise,
  sampleFake,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

describe("a bass", () => {
  test("stays between E1 and C4 in every key, whatever the network would have", async () => {
    for (let tonic = 0; tonic < 12; tonic += 1) {
      const plans = bars(4, { key: { tonic, mode: "aeolian" }, density: perStem(() => 4) });
      const logits = noise(tonic, 0);
      // The lowest octave and the highest: all that it likes.
      for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
        const base = slot * T.SLOT_LOGITS + T.offsetOf(T.BASS) + T.ONSET;
        for (let i = 0; i < 36; i += 1) logits.cells[base + i] = i < 12 || i > 30 ? 4 : -4;
      }
      const { window } = await sampleFake(windowSpec({ bars: plans, seed: tonic }), { logits });
      const pitches = decodeWindow(window, { voicings }).bass.map(({ pitch }) => pitch);
      expect(pitches.length).toBeGreaterThan(8);
      expect(Math.min(...pitches)).toBeGreaterThanOrEqual(28);
      expect(Math.max(...pitches)).toBeLessThanOrEqual(60);
    }
  });

  test("plays a note beyond that range in another octave", async () => {
    // Eb1 is all that the network has in mind, over a chord that has it.
    const chord = { root: 0, quality: "min" } as const;
    const plans = bars(4, { key: { tonic: 0, mode: "aeolian" }, chords: [chord, chord] });
    const logits = noise(1, 0);
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
      const base = slot * T.SLOT_LOGITS + T.offsetOf(T.BASS) + T.ONSET;
      logits.cells.fill(-30, base, base + 36);
      logits.cells[base + 3] = 3;
    }
    const { window } = await sampleFake(windowSpec({ bars: plans }), { logits });
    const pitches = decodeWindow(window, { voicings }).bass.map(({ pitch }) => pitch);
    expect(new Set(pitches)).toEqual(new Set([39]));
  });
});

describe("a busy bass", () => {
  test("keeps to the pitch that the network likes best less than a calm one", async () => {
    const chord = { root: 0, quality: "min" } as const;
    const favourite = 12;
    const logits = noise(1, 0);
    for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
      const base = slot * T.SLOT_LOGITS + T.offsetOf(T.BASS) + T.ONSET;
      logits.cells.fill(-30, base, base + 36);
      logits.cells[base + favourite] = 3;
      for (const other of [3, 7, 15, 19]) logits.cells[base + other] = 0;
    }
    const shareOfFavourite = async (density: 2 | 4): Promise<number> => {
      const plans = bars(8, {
        key: { tonic: 0, mode: "aeolian" },
        chords: [chord, chord],
        density: perStem(() => density),
      });
      const ids: number[] = [];
      for (const seed of [1, 2, 3, 4]) {
        const { window } = await sampleFake(windowSpec({ bars: plans, seed }), { logits });
        ids.push(...laneIds(window, T.BASS).filter((id) => isOnset(T.BASS, id)));
      }
      return ids.filter((id) => id === T.ONSET + favourite).length / ids.length;
    };
    const calm = await shareOfFavourite(2);
    expect(await shareOfFavourite(4)).toBeLessThan(0.9 * calm);
  });
});

describe("a bar that has modulated", () => {
  test("takes the notes of its new scale, and has no known mode", async () => {
    const plans = bars(8, { density: perStem(() => 4) }).map((plan, bar) =>
      bar < 4 ? plan : { ...plan, modulatedTo: { tonic: 6, mode: "ionian" as const } },
    );
    const MODE = T.CONDITIONS.findIndex(({ name }) => name === "mode");
    let [old, fresh] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      const { window } = await sampleFake(windowSpec({ bars: plans, seed }), {
        logits: noise(seed, 0),
      });
      const ids = laneIds(window, T.MELODY).slice(64);
      const degrees = ids.filter((id) => id >= T.ONSET).map((id) => T.degreeOf(T.MELODY, id));
      // Of the old scale alone, less those of the chord, and of the new one alone.
      old += degrees.filter((degree) => [2, 9].includes(degree)).length;
      fresh += degrees.filter((degree) => [6, 8, 10, 1, 3].includes(degree)).length / 2.5;
      expect(window.bars[4 * T.CONDITION_COUNT + MODE]).toBe(7);
      expect(window.bars[3 * T.CONDITION_COUNT + MODE]).toBe(0);
    }
    expect(fresh).toBeGreaterThan(1.2 * old);
  });

  test("to another mode of its tonic is known by that mode", () => {
    const modulatedTo = { tonic: 0, mode: "aeolian" as const };
    const window = encodeWindow(windowSpec({ bars: bars(1, { modulatedTo }) }), voicings);
    const mode = T.CONDITIONS.findIndex(({ name }) => name === "mode");
    expect(window.bars[mode]).toBe(MODES.indexOf("aeolian"));
  });
});
