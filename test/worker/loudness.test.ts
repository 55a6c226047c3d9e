import { beforeAll, describe, expect, test } from "vitest";
import { shippedBank } from "../../engine/bank/shipped.ts";
import { PALETTES } from "../../engine/renderer-worker/palettes.ts";
import type { Renderer } from "../../engine/renderer-worker/renderer.ts";
import { loudnessOf } from "../../integrations/cli/loudness.ts";
import { loudnessOn } from "../../integrations/cli/palette-loudness.ts";
import { openRenderer } from "./renderer-fixture.ts";

const sine = (hertz: number, level: number, rate: number, length = 5): Float32Array =>
  Float32Array.from(
    { length: length * rate },
    (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
const silence = (rate: number, length: number): Float32Array => new Float32Array(length * rate);

describe("the measure of loudness", () => {
  test.each([44_100, 48_000, 96_000])(
    "gives -23 LUFS for a stereo sine of 1 kHz at -23 dBFS (EBU Tech 3341, case 1), at %i Hz",
    (rate) => {
      const channel = sine(1_000, 10 ** (-23 / 20), rate);
      expect(loudnessOf([channel, channel], rate)).toBeCloseTo(-23, 1);
    },
  );

  test("leaves quiet stretches out (EBU Tech 3341, case 3)", () => {
    const rate = 48_000;
    const parts = [-36, -23, -36].map((level, nth) =>
      sine(1_000, 10 ** (level / 20), rate, nth === 1 ? 20 : 5),
    );
    const channel = Float32Array.from(parts.flatMap((part) => [...part]));
    expect(loudnessOf([channel, channel], rate)).toBeGreaterThan(-23.1);
  });

  test("weighs lows less and highs more, and finds nothing in silence", () => {
    const rate = 48_000;
    const at = (hertz: number): number => loudnessOf([sine(hertz, 0.1, rate)], rate);
    expect(at(40)).toBeLessThan(at(1_000) - 3);
    expect(at(8_000)).toBeGreaterThan(at(1_000) + 2);
    expect(loudnessOf([silence(rate, 2)], rate)).toBe(-Infinity);
  });
});

describe("moods of one intensity", () => {
  const everywhere = shippedBank.phrases.filter(({ meter }) => meter === "4/4");
  const phrases = everywhere.filter(({ mode }) => mode === "dorian");
  const levels = phrases.map(({ arousal }) => arousal);
  /** LUFS by palette, one for each intensity. */
  const loudness = new Map<string, readonly number[]>();
  let renderer: Renderer;
  beforeAll(async () => {
    renderer = await openRenderer();
    for (const palette of PALETTES) {
      loudness.set(
        palette.name,
        phrases.map((phrase) => loudnessOn(renderer, palette, phrase)),
      );
    }
  }, 600_000);
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

  test.each([0, 1, 2, 3])("are within 1.5 LU of a middle on all palettes (level %i)", (level) => {
    const heard = [...loudness.values()].map((values) => values[level] ?? Number.NaN);
    expect(heard).toHaveLength(PALETTES.length);
    expect(spread(heard)).toBeLessThanOrEqual(3);
  });

  test.each([0, 1, 2, 3])("are within 1.5 LU of a middle in all modes (level %i)", (level) => {
    const alike = everywhere.filter(({ arousal }) => arousal === levels[level]);
    expect(new Set(alike.map(({ mode }) => mode)).size).toBe(alike.length);
    const heard = alike.map((phrase) => loudnessOn(renderer, PALETTES[0], phrase));
    expect(heard).toHaveLength(everywhere.length / levels.length);
    expect(spread(heard)).toBeLessThanOrEqual(3);
  });

  test("are equally loud on all palettes, on average over calm and driven ones", () => {
    const means = [...loudness.values()].map(
      (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
    );
    expect(spread(means)).toBeLessThanOrEqual(1);
  });

  test("grow louder with intensity", () => {
    for (const values of loudness.values()) {
      expect((values.at(-1) ?? 0) - (values[0] ?? 0)).toBeGreaterThan(3);
    }
  });
});
