import { describe, expect, test } from "vitest";
import { BLOCK_FRAMES, type Instrument } from "../../engine/renderer-worker/voices/instrument.ts";
import { hertzOf } from "../../engine/renderer-worker/voices/arithmetic.ts";
import { openKit } from "../../engine/renderer-worker/voices/kit.ts";
import { KITS } from "../../engine/renderer-worker/voices/kits.ts";
import { PATCHES } from "../../engine/renderer-worker/voices/patches.ts";
import { openPitched } from "../../engine/renderer-worker/voices/pitched.ts";

const PITCHED = Object.entries(PATCHES).map(([name, patch]) => ({ name, patch }));
const DRUMS = Object.entries(KITS).flatMap(([name, kit]) =>
  Object.keys(kit).map((key) => ({ name, kit, key: Number(key) })),
);
const RATE = 44_100;

/** Frames of the left channel, the next ones of the instrument. */
function listen(instrument: Instrument, frames: number): Float32Array {
  const heard = new Float32Array(frames);
  for (let from = 0; from < frames; from += BLOCK_FRAMES) {
    const block = heard.subarray(from, Math.min(frames, from + BLOCK_FRAMES));
    instrument.process(block, new Float32Array(block.length), block.length);
  }
  return heard;
}

const peakOf = (samples: Float32Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
const energyOf = (samples: Float32Array): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0);

/** Energy of the steps between samples for that of the samples: grows with the share of high partials. */
const brightnessOf = (samples: Float32Array): number =>
  energyOf(samples.map((sample, i) => sample - (samples[i - 1] ?? sample))) / energyOf(samples);

/** Level of one frequency, by correlation under a Hann window. */
function levelAt(samples: Float32Array, hertz: number, rate: number): number {
  let [real, imaginary] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    const window = 1 - Math.cos((2 * Math.PI * i) / samples.length);
    real += sample * window * Math.cos((2 * Math.PI * hertz * i) / rate);
    imaginary += sample * window * Math.sin((2 * Math.PI * hertz * i) / rate);
  }
  return Math.hypot(real, imaginary) / samples.length;
}

function struck(patch: (typeof PITCHED)[number]["patch"], pitch: number, velocity = 100) {
  const instrument = openPitched(patch, RATE);
  instrument.noteOn(pitch, velocity, "all");
  return instrument;
}

describe.each(PITCHED)("$name", ({ patch }) => {
  test.each([44_100, 48_000, 96_000])("is in tune at %i Hz", (rate) => {
    const instrument = openPitched(patch, rate);
    instrument.noteOn(69, 90, "all");
    const heard = listen(instrument, rate / 2);
    const levels = [-50, 0, 50].map((cents) => levelAt(heard, 440 * 2 ** (cents / 1200), rate));
    expect(levels[1]).toBeGreaterThan(2 * (levels[0] ?? 0));
    expect(levels[1]).toBeGreaterThan(2 * (levels[2] ?? 0));
  });

  test("is louder and brighter the harder it is struck", () => {
    const [soft, hard] = [30, 120].map((velocity) => listen(struck(patch, 57, velocity), 20_000));
    if (soft === undefined || hard === undefined) throw new Error("two were rendered");
    expect(energyOf(hard)).toBeGreaterThan(4 * energyOf(soft));
    expect(brightnessOf(hard)).toBeGreaterThan(1.02 * brightnessOf(soft));
  });

  test("is finite and without offset from C1 up", () => {
    for (let pitch = 24; pitch < 128; pitch += 7) {
      const instrument = struck(patch, pitch, 127);
      const held = listen(instrument, 20_000);
      instrument.noteOff(pitch, "all");
      const heard = [...held, ...listen(instrument, 40_000)];
      expect(heard.every(Number.isFinite)).toBe(true);
      expect(peakOf(held), `${pitch}`).toBeLessThan(2.6);
      const mean = heard.reduce((sum, sample) => sum + sample, 0) / heard.length;
      expect(Math.abs(mean), `${pitch}`).toBeLessThan(0.01);
    }
  });

  test("is exactly silent once its release is over", () => {
    const instrument = struck(patch, 60);
    listen(instrument, 10_000);
    instrument.noteOff(60, "all");
    listen(instrument, 6 * RATE);
    expect(peakOf(listen(instrument, 1_000))).toBe(0);
  });

  test("starts without a step", () => {
    const instrument = struck(patch, 45, 60);
    const start = listen(instrument, 30);
    expect(Math.abs(start[0] ?? 1)).toBeLessThan(0.05);
  });

  test("sounds again when more notes are struck than it can hold", () => {
    const instrument = openPitched(patch, RATE);
    for (let pitch = 40; pitch < 90; pitch += 1) instrument.noteOn(pitch, 100, "all");
    const heard = listen(instrument, 2_000);
    expect(heard.every(Number.isFinite)).toBe(true);
    expect(levelAt(listen(instrument, 20_000), hertzOf(89), RATE)).toBeGreaterThan(0.003);
  });
});

test("no saw or pulse of a melody aliases above -50 dB", () => {
  for (const name of ["lead", "pulse"] as const) {
    // Without vibrato and movement, so that all that lies between partials is aliasing.
    const { filter: _, vibrato: __, unison: ___, ...still } = PATCHES[name];
    const heard = listen(struck(still, 93), RATE).subarray(8_000);
    const fundamental = levelAt(heard, hertzOf(93), RATE);
    for (let hertz = 300; hertz < 1_500; hertz += 97) {
      expect(levelAt(heard, hertz, RATE) / fundamental).toBeLessThan(0.003);
    }
  }
});

describe.each(DRUMS)("$name $key", ({ kit, key }) => {
  const hit = (velocity: number): Instrument => {
    const instrument = openKit(kit, RATE);
    instrument.noteOn(key, velocity, "all");
    return instrument;
  };

  test("is finite, rings out and has no offset", () => {
    const instrument = hit(127);
    const heard = listen(instrument, 6 * RATE);
    expect(heard.every(Number.isFinite)).toBe(true);
    expect(peakOf(heard)).toBeGreaterThan(0.05);
    expect(Math.abs(heard.reduce((sum, sample) => sum + sample, 0) / heard.length)).toBeLessThan(
      0.001,
    );
    expect(peakOf(listen(instrument, 1_000))).toBe(0);
  });

  test("is louder the harder it is struck, and not the same", () => {
    const [soft, hard] = [30, 120].map((velocity) => listen(hit(velocity), 20_000));
    if (soft === undefined || hard === undefined) throw new Error("two were rendered");
    expect(energyOf(hard)).toBeGreaterThan(4 * energyOf(soft));
    const scale = peakOf(soft) / peakOf(hard);
    expect(peakOf(hard.map((sample, i) => sample * scale - (soft[i] ?? 0)))).toBeGreaterThan(0);
  });
});

test("a closed hat cuts an open one off", () => {
  for (const kit of Object.values(KITS)) {
    const instrument = openKit(kit, RATE);
    instrument.noteOn(46, 100, "all");
    const alone = openKit(kit, RATE);
    alone.noteOn(46, 100, "all");
    listen(instrument, 1_000);
    listen(alone, 1_000);
    instrument.noteOn(44, 20, "all");
    listen(instrument, 4_000);
    listen(alone, 4_000);
    expect(energyOf(listen(instrument, 1_000))).toBeLessThan(energyOf(listen(alone, 1_000)) / 4);
  }
});
