import { describe, expect, test } from "vitest";
import { findCadences } from "../../../engine/generator/cadence.ts";
import { findClimaxes } from "../../../engine/generator/climax.ts";
import { encodeWindow, type EncodedWindow } from "../../../engine/generator/encode.ts";
import { planRepetition } from "../../../engine/generator/repetition.ts";
import type { Logits } from "../../../engine/generator/state.ts";
import * as T from "../../../engine/generator/tokens.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import {
  bars,
  laneIds,
  maskAll,
  noise,
  sampleFake,
  voicings,
  windowSpec,
} from "../../helpers/generator-fixtures.ts";

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

const climaxesOf = (window: EncodedWindow, seed = 1) => {
  const cadences = findCadences(window);
  return findClimaxes(
    window,
    cadences,
    planRepetition(window, cadences, seed).same.subarray(0, 16),
  );
};

/** Noise, in which the pitches of the melody lie around the middle of its range. */
function aroundTheMiddle(seed: number): Logits {
  const logits = noise(seed, 1);
  for (let slot = 0; slot < T.WINDOW_SLOTS; slot += 1) {
    for (let index = 0; index < 48; index += 1) {
      const at = slot * T.SLOT_LOGITS + T.offsetOf(T.MELODY) + T.ONSET + index;
      logits.cells[at] = (logits.cells[at] ?? 0) - ((index - 24) / 4) ** 2 / 2;
    }
  }
  return logits;
}

/** The highest pitch id of a bar's melody, 0 for none. */
const topOf = (window: EncodedWindow, bar: number): number =>
  Math.max(
    0,
    ...laneIds(window, T.MELODY)
      .slice(16 * bar, 16 * bar + 16)
      .filter((id) => id >= T.ONSET && id < T.maskId(T.MELODY)),
  );

describe("the climax of a phrase", () => {
  test("is a bar that copies no other and does not come to rest, the same for all bars of its phrase", () => {
    for (const seed of SEEDS) {
      const window = encodeWindow(windowSpec({ bars: bars(16), seed }), voicings);
      const cadences = findCadences(window);
      const { same } = planRepetition(window, cadences, seed);
      const { peak } = climaxesOf(window, seed);
      for (const [bar, top] of peak.entries()) {
        expect(top).toBe(peak[bar < 8 ? 0 : 8]);
        if (top < 0) continue;
        expect(Math.floor(top / 8)).toBe(Math.floor(bar / 8));
        expect([same[top], cadences[top]]).toEqual([0, 0]);
      }
    }
  });

  test("lies higher than the rest of it where the network only knows a middle", async () => {
    let [risen, phrases] = [0, 0];
    for (const seed of SEEDS) {
      const { window } = await sampleFake(windowSpec({ bars: bars(8), seed }), {
        logits: aroundTheMiddle(seed),
      });
      const top = climaxesOf(window, seed).peak[0] ?? -1;
      if (top < 0) continue;
      const others = [0, 1, 2, 3, 4, 5, 6, 7].filter((bar) => bar !== top);
      phrases += 1;
      if (others.every((bar) => topOf(window, bar) < topOf(window, top))) risen += 1;
    }
    expect(phrases).toBeGreaterThan(6);
    expect(risen / phrases).toBeGreaterThan(0.4);
  });

  test("is none where a tune is kept in part", () => {
    const mask = maskAll(8, "write").map((bar) => ({
      ...bar,
      melody: { rewrite: unitInterval(0.5) },
    }));
    const window = encodeWindow(windowSpec({ bars: bars(8), mask }), voicings);
    expect(new Set(climaxesOf(window).peak)).toEqual(new Set([-1]));
  });
});
