import { readFileSync, statSync } from "node:fs";
import { SoundBankLoader, type BasicSoundBank } from "spessasynth_core";
import { beforeAll, describe, expect, test } from "vitest";
import { shippedBank } from "../../engine/bank/shipped.ts";
import { paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import shipped from "../../engine/shipped-files.json" with { type: "json" };
import { ORCHESTRA, PALETTE } from "../../integrations/cli/package-files.ts";
import { loudnessOf } from "../../integrations/cli/loudness.ts";
import { mixOf } from "../../integrations/cli/palette-loudness.ts";
import { presetIn } from "../../integrations/cli/palette-font.ts";
import { note, openRenderer, renderStretch, SAMPLE_RATE } from "./renderer-fixture.ts";

test("the soundfonts are as small as promised, and as the engine checks them", () => {
  expect(statSync(PALETTE).size).toBeLessThan(2e6);
  expect(statSync(ORCHESTRA).size).toBeLessThan(9e6);
  expect(statSync(ORCHESTRA).size).toBe(shipped.orchestra.bytes);
});

test("each soundfont carries its copyright and its licence", () => {
  for (const file of [PALETTE, ORCHESTRA]) {
    const head = readFileSync(file).subarray(0, 16_384).toString("latin1");
    expect(head).toContain("Permission is hereby granted, free of charge");
    expect(head).toContain("Frank Wen");
  }
});

describe("a section of the orchestra", () => {
  let bank: BasicSoundBank;
  beforeAll(() => {
    bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(readFileSync(ORCHESTRA)).buffer);
  });
  /** Names of the samples that a note sounds. */
  const sounding = (program: number, key: number, velocity: number): readonly string[] =>
    presetIn(bank, { drums: false, bank: 0, program })
      .getVoiceParameters(key, velocity)
      .map(({ sample }) => sample.name);

  test.each([
    ["melody", 72],
    ["counter", 62],
    ["harmony", 60],
    ["bass", 43],
  ] as const)("grows with the drive of the music: %s", (stem, key) => {
    const { program } = paletteNamed("orchestra").voices[stem];
    const calm = sounding(program, key, 40);
    const driven = sounding(program, key, 110);
    expect(calm.length).toBeGreaterThan(0);
    expect(driven.length).toBeGreaterThan(calm.length);
    for (const name of calm) expect(driven).toContain(name);
  });
});

test("plucked notes of the orchestra die away, about as loud as they would be under the bow", async () => {
  const renderer = await openRenderer();
  const apart = 16_000;
  for (const [stem, pitches] of [
    ["bass", [33, 36, 38, 43]],
    ["counter", [57, 60, 64, 69]],
  ] as const) {
    const voice = paletteNamed("orchestra").voices[stem];
    const bowed = Array.from({ length: 12 }, (_, nth) =>
      note(nth * apart, apart - 100, pitches[nth % 4] ?? 60, 80),
    );
    const plucked = bowed.map((each) => ({ ...each, plucked: true as const }));
    const [long, short] = [bowed, plucked].map((notes, nth) => {
      const to = notes.length * apart;
      const take = `${stem} ${nth}`;
      const { left, right } = renderStretch(renderer, { take, voice, notes, to });
      const level = (from: number, until: number): number => {
        let sum = 0;
        for (let start = 0; start < to; start += apart) {
          for (let i = start + from; i < start + until; i += 1) {
            sum += (left[i] ?? 0) ** 2 + (right[i] ?? 0) ** 2;
          }
        }
        return 10 * Math.log10(sum / (until - from));
      };
      return {
        fall: level(500, 4_000) - level(12_000, 15_500),
        loudness: loudnessOf([left, right], SAMPLE_RATE),
      };
    });
    expect(short?.fall, stem).toBeGreaterThan((long?.fall ?? 0) + 6);
    expect(Math.abs((short?.loudness ?? 0) - (long?.loudness ?? 0)), stem).toBeLessThan(3);
  }
});

/** How much of each pitch class there is, as a vector of length one. */
function chromaOf([left, right]: readonly [Float32Array, Float32Array]): readonly number[] {
  const classes = Array.from({ length: 12 }, () => 0);
  const step = 4;
  for (let key = 40; key < 88; key += 1) {
    const turn = (2 * Math.PI * 440 * 2 ** ((key - 69) / 12) * step) / SAMPLE_RATE;
    let [real, imaginary] = [0, 0];
    for (let from = 0; from + 8192 < left.length / step; from += 8192) {
      [real, imaginary] = [0, 0];
      for (let i = from; i < from + 8192; i += 1) {
        const sample = (left[i * step] ?? 0) + (right[i * step] ?? 0);
        real += sample * Math.cos(turn * i);
        imaginary += sample * Math.sin(turn * i);
      }
      classes[key % 12] = (classes[key % 12] ?? 0) + Math.hypot(real, imaginary);
    }
  }
  const length = Math.hypot(...classes);
  return classes.map((value) => value / length);
}

test("the orchestra is heard as the same music as a chamber: pitch class by pitch class", async () => {
  const renderer = await openRenderer();
  const phrases = shippedBank.phrases.filter(({ meter }) => meter === "4/4").slice(0, 3);
  const on = (palette: string): readonly (readonly number[])[] =>
    phrases.map((phrase) => {
      const bare = { ...phrase, notes: { ...phrase.notes, drums: [] } };
      return chromaOf(mixOf(renderer, paletteNamed(palette), bare));
    });
  const [orchestra, chamber] = [on("orchestra"), on("plucked")];
  const likeness = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
  for (const [index, mine] of orchestra.entries()) {
    const own = likeness(mine, chamber[index] ?? []);
    expect(own).toBeGreaterThan(0.9);
    // In another key it would be less like it.
    for (let shift = 1; shift < 12; shift += 1) {
      const moved = mine.map((_, place) => mine[(place + shift) % 12] ?? 0);
      expect(likeness(moved, chamber[index] ?? [])).toBeLessThan(own);
    }
  }
}, 400_000);
