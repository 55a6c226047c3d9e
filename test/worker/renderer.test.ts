import { BasicSoundBank } from "spessasynth_core";
import { beforeAll, describe, expect, test } from "vitest";
import { STEMS, type Stem } from "../../engine/music/stem.ts";
import { kitKey } from "../../engine/renderer-worker/drum-keys.ts";
import { PALETTES, paletteNamed } from "../../engine/renderer-worker/palettes.ts";
import { createRenderer, type Renderer } from "../../engine/renderer-worker/renderer.ts";
import type { Palette, RenderedChunk, Voice } from "../../engine/renderer-worker/service.ts";
import { frames, midiPitch } from "../../engine/time/units.ts";
import { rms } from "../helpers/read-wav.ts";
import {
  attackOf,
  BAR,
  firstReaching,
  note,
  openRenderer,
  peakOf,
  renderStretch,
  SAMPLE_RATE,
} from "./renderer-fixture.ts";

const LENGTH = 40_000;
const VOICES = PALETTES.flatMap(({ name, voices }) =>
  STEMS.map((stem) => ({ label: `${name} ${stem}`, stem, voice: voices[stem] })),
);
const PITCHED = VOICES.filter(({ stem }) => stem !== "drums");
const KITS = VOICES.filter(({ stem }) => stem === "drums");
const [PALETTE] = PALETTES;

let renderer: Renderer;
beforeAll(async () => {
  renderer = await openRenderer();
});

/** Renders under a name of its own and forgets it. */
function renderOnce(
  voice: Voice,
  notes: Parameters<typeof renderStretch>[1]["notes"],
  to = LENGTH,
) {
  const chunk = renderStretch(renderer, { take: "once", voice, notes, to });
  renderer.release("once");
  return chunk;
}

const isFinite = ({ left, right }: RenderedChunk): boolean =>
  left.every(Number.isFinite) && right.every(Number.isFinite);

describe("where notes sound", () => {
  test.each(PITCHED)("$label is silent until its note and sounds within 4 frames", ({ voice }) => {
    const at = 5_003;
    const chunk = renderOnce(voice, [note(at, 9_000, 60)]);
    expect(peakOf(chunk, 0, at)).toBe(0);
    expect(firstReaching(chunk, Number.MIN_VALUE)).toBeGreaterThanOrEqual(at);
    expect(firstReaching(chunk, Number.MIN_VALUE)).toBeLessThanOrEqual(at + 4);
  });

  test.each(KITS)("each drum of $label reaches a tenth of its attack on its frame", ({ voice }) => {
    const at = 5_003;
    for (const pitch of [36, 37, 38, 39, 41, 42, 44, 45, 46, 47, 49, 50, 51, 54, 56, 70]) {
      const chunk = renderOnce(voice, [note(at, 100, pitch, 100)], at + 4_000);
      const attack = attackOf(chunk, at, at + Math.round(0.045 * SAMPLE_RATE));
      const key = `key ${kitKey(voice.program, midiPitch(pitch))}`;
      expect(Math.abs(firstReaching(chunk, attack / 10) - at), key).toBeLessThanOrEqual(2);
      // The foot of a shaker's swell begins 20 ms ahead; nothing comes before that.
      expect(peakOf(chunk, 0, at - Math.ceil(0.02 * SAMPLE_RATE)), key).toBe(0);
    }
  });

  test("a note that starts 37 frames later sounds the same 37 frames later", () => {
    const voice = PALETTE.voices.melody;
    const early = renderOnce(voice, [note(3_000, 8_000, 72)]);
    const late = renderOnce(voice, [note(3_037, 8_000, 72)]);
    const loudest = peakOf(early);
    for (let i = 0; i < 12_000; i += 1) {
      expect(Math.abs((late.left[i + 37] ?? 0) - (early.left[i] ?? 0))).toBeLessThan(loudest / 500);
    }
  });

  test("a drum on the very first frame is not lost", () => {
    expect(peakOf(renderOnce(PALETTE.voices.drums, [note(0, 100, 36)]))).toBeGreaterThan(0.05);
  });

  test("a drum rings out however short its note is", () => {
    const { drums } = PALETTE.voices;
    const short = renderOnce(drums, [note(100, 1, 49)]);
    const long = renderOnce(drums, [note(100, 39_000, 49)]);
    expect(short.left).toEqual(long.left);
  });

  test("a pitch struck again as it ends is struck anew", () => {
    const { bass } = PALETTE.voices;
    const twice = renderOnce(bass, [note(0, 10_000, 40), note(10_000, 10_000, 40)]);
    const once = renderOnce(bass, [note(0, 10_000, 40)]);
    expect(peakOf(twice, 12_000, 16_000)).toBeGreaterThan(3 * peakOf(once, 12_000, 16_000));
  });
});

describe("chunks", () => {
  const cases = VOICES.filter(
    ({ voice: { kind } }, index) => kind === "synthesised" || index < 5 || index % 5 === 2,
  );

  test.each(cases)("$label: chunks of any size join to one long render", ({ stem, voice }) => {
    const notes = BAR[stem];
    const whole = renderOnce(voice, notes);
    for (const size of [128, 333, 11_025]) {
      for (let from = 0; from < LENGTH; from += size) {
        const to = Math.min(LENGTH, from + size);
        const chunk = renderStretch(renderer, { take: `by ${size}`, voice, notes, from, to });
        expect(chunk.left).toEqual(whole.left.subarray(from, to));
        expect(chunk.right).toEqual(whole.right.subarray(from, to));
      }
      renderer.release(`by ${size}`);
    }
  });

  test.each(cases)("$label: any stretch, in any order, has the same samples", ({ stem, voice }) => {
    const notes = BAR[stem];
    const whole = renderOnce(voice, notes);
    for (const [from, to] of [
      [20_001, 30_000],
      [7_000, 7_500],
      [7_500, 9_000],
      [30_000, 40_000],
      [0, 1_000],
    ] as const) {
      const chunk = renderStretch(renderer, { take: "jumps", voice, notes, from, to });
      expect(chunk.left).toEqual(whole.left.subarray(from, to));
    }
    renderer.release("jumps");
  });

  test("two renderers give the same samples", async () => {
    const other = await openRenderer();
    for (const stem of STEMS) {
      const options = { voice: PALETTE.voices[stem], notes: BAR[stem], to: LENGTH };
      expect(renderStretch(other, options).left).toEqual(renderStretch(renderer, options).left);
    }
  });

  test("memory that is used again changes no sample", async () => {
    const other = await openRenderer();
    const options = { voice: PALETTE.voices.melody, notes: BAR.melody, to: LENGTH };
    const fresh = renderStretch(other, options);
    const expected = fresh.left.slice();
    const { buffer } = fresh.left.fill(Number.NaN);
    other.recycle([buffer]);
    const again = renderStretch(other, { ...options, take: "again" });
    expect(again.left.buffer).toBe(buffer);
    expect(again.left).toEqual(expected);
  });

  test("an empty stretch has no samples", () => {
    const options = { voice: PALETTE.voices.bass, notes: BAR.bass, from: 500, to: 500 };
    expect(renderStretch(renderer, options).left).toHaveLength(0);
  });

  test("releasing a take leaves the sound of another as it was", () => {
    const { melody: voice } = PALETTE.voices;
    const whole = renderOnce(voice, BAR.melody);
    renderStretch(renderer, { take: "goes", voice, notes: BAR.melody, to: 20_000 });
    renderStretch(renderer, { take: "stays", voice, notes: BAR.melody, to: 20_000 });
    renderer.release("goes");
    renderer.release("never was");
    const rest = { take: "stays", voice, notes: BAR.melody, from: 20_000, to: LENGTH };
    expect(renderStretch(renderer, rest).left).toEqual(whole.left.subarray(20_000));
  });

  test("a take that was pushed out by forty others goes on with the same samples", () => {
    const { bass: voice } = PALETTE.voices;
    const whole = renderOnce(voice, BAR.bass);
    renderStretch(renderer, { take: "first", voice, notes: BAR.bass, to: 20_000 });
    for (let i = 0; i < 40; i += 1) {
      renderStretch(renderer, { take: `other ${i}`, voice, notes: BAR.bass, to: 10 });
    }
    const rest = { take: "first", voice, notes: BAR.bass, from: 20_000, to: LENGTH };
    expect(renderStretch(renderer, rest).left).toEqual(whole.left.subarray(20_000));
  });

  test("a chunk says what it is and what it cost", () => {
    const options = { take: "named", voice: PALETTE.voices.bass, notes: BAR.bass };
    const chunk = renderStretch(renderer, { ...options, from: 100, to: 5_100 });
    expect(chunk).toMatchObject({ take: "named", from: 100, to: 5_100 });
    expect(chunk.left).toHaveLength(5_000);
    expect(chunk.cost).toBeGreaterThan(0);
  });
});

/** Decibels in each half octave from 60 Hz on, for the sum of a bar's stems, by correlation with 4 tones. */
function spectrumOn({ voices }: Palette): readonly number[] {
  const sum = new Float32Array(LENGTH);
  for (const stem of STEMS) {
    for (const [i, x] of renderOnce(voices[stem], BAR[stem]).left.entries()) {
      sum[i] = (sum[i] ?? 0) + x;
    }
  }
  return Array.from({ length: 16 }, (_, band) => {
    const powers = Array.from({ length: 4 }, (__, tone) => {
      const turn = (2 * Math.PI * 60 * 2 ** ((band + tone / 4) / 2)) / SAMPLE_RATE;
      const real = sum.reduce((total, x, i) => total + x * Math.cos(turn * i), 0);
      const imaginary = sum.reduce((total, x, i) => total + x * Math.sin(turn * i), 0);
      return real * real + imaginary * imaginary;
    });
    return 10 * Math.log10(powers.reduce((total, power) => total + power, 1e-9));
  });
}

test("the same bar has another spectrum on each palette: 3 dB apart at least in each half octave on average", () => {
  const spectra = PALETTES.map((palette) => ({ name: palette.name, bands: spectrumOn(palette) }));
  for (const [nth, one] of spectra.entries()) {
    for (const other of spectra.slice(nth + 1)) {
      const gaps = one.bands.map((level, band) => Math.abs(level - (other.bands[band] ?? 0)));
      const mean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length;
      expect(mean, `${one.name} and ${other.name}`).toBeGreaterThan(3);
    }
  }
});

/** Level of one frequency, by correlation. */
function levelAt(samples: Float32Array, hertz: number): number {
  const turn = (2 * Math.PI * hertz) / SAMPLE_RATE;
  const real = samples.reduce((total, x, i) => total + x * Math.cos(turn * i), 0);
  const imaginary = samples.reduce((total, x, i) => total + x * Math.sin(turn * i), 0);
  return Math.hypot(real, imaginary) / samples.length;
}

describe("levels", () => {
  test.each(PALETTES)("all five stems of $name sound, and their sum does not clip", (palette) => {
    const sum = new Float32Array(LENGTH);
    for (const stem of STEMS) {
      const chunk = renderOnce(palette.voices[stem], BAR[stem]);
      expect(isFinite(chunk)).toBe(true);
      expect(peakOf(chunk), stem).toBeGreaterThan(0.02);
      for (let i = 0; i < LENGTH; i += 1) sum[i] = (sum[i] ?? 0) + (chunk.left[i] ?? 0);
    }
    expect(sum.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(1);
  });

  test.each(PALETTES)(
    "eighths of driven chords are heard on $name as well as held ones",
    (palette) => {
      const levelOf = (length: number): number => {
        const starts = Array.from({ length: 96_000 / length }, (_, nth) => nth * length);
        const notes = starts.flatMap((at) => [55, 60, 64].map((pitch) => note(at, length, pitch)));
        const { left, right } = renderOnce(palette.voices.harmony, notes, 96_000);
        return 20 * Math.log10(Math.hypot(rms(left), rms(right)));
      };
      expect(levelOf(12_000) - levelOf(48_000)).toBeGreaterThan(-6);
    },
  );

  test.each(PALETTES)("every key of every stem of $name sounds", ({ voices }) => {
    const ranges: Readonly<Record<Stem, readonly [number, number]>> = {
      melody: [42, 101],
      counter: [36, 95],
      harmony: [36, 96],
      bass: [18, 65],
      drums: [27, 87],
    };
    for (const stem of STEMS) {
      const [low, high] = ranges[stem];
      for (let pitch = low; pitch <= high; pitch += 1) {
        const chunk = renderOnce(voices[stem], [note(0, 12_000, pitch, 100)], 12_000);
        expect(peakOf(chunk), `${stem} ${pitch}`).toBeGreaterThan(0.003);
      }
    }
  });

  test.each(VOICES)("$label falls below -60 dBFS within 3.5 s", ({ stem, voice }) => {
    const end = Math.max(...BAR[stem].map((note) => note.end));
    const tail = Math.round(3.5 * SAMPLE_RATE);
    const chunk = renderOnce(voice, BAR[stem], end + tail + 10_000);
    expect(peakOf(chunk, end + tail)).toBeLessThan(0.001);
  });

  test.each(VOICES)("$label has no offset", ({ stem, voice }) => {
    const { left } = renderOnce(voice, BAR[stem], 3 * SAMPLE_RATE);
    const mean = left.reduce((sum, sample) => sum + sample, 0) / left.length;
    expect(Math.abs(mean)).toBeLessThan(1e-5);
  });

  test("a voice panned hard left leaves the right channel empty", () => {
    const chunk = renderOnce({ ...PALETTE.voices.melody, pan: -1 }, BAR.melody);
    expect(chunk.left.some((sample) => sample !== 0)).toBe(true);
    expect(chunk.right.every((sample) => sample === 0)).toBe(true);
  });

  test("a voice of width 0 is mono, one of width 1 as wide as its instrument, one of 2 wider", () => {
    const { voices } = paletteNamed("synthwave");
    const side = (width: number): number => {
      const chunk = renderOnce({ ...voices.harmony, pan: 0, width }, BAR.harmony);
      return chunk.left.reduce((sum, l, i) => sum + (l - (chunk.right[i] ?? 0)) ** 2, 0);
    };
    const wide = side(1);
    expect(side(0)).toBeLessThan(1e-12);
    expect(wide).toBeGreaterThan(0.01);
    expect(side(2)).toBeCloseTo(4 * wide, 2);
  });

  test.each([
    ["sampled", "heroic"],
    ["synthesised", "dark"],
  ])(
    "two sections of a %s voice share a chord: the high notes left, the low ones right",
    (_, name) => {
      const voice = { ...paletteNamed(name).voices.harmony, pan: 0, width: 1, divisi: 0.8 };
      const balance = (pitches: readonly number[], heard: number): number => {
        const chunk = renderOnce(
          voice,
          pitches.map((pitch) => note(500, 16_000, pitch)),
        );
        const levels = [chunk.left, chunk.right].map((channel) => levelAt(channel, heard));
        return 20 * Math.log10((levels[0] ?? 0) / (levels[1] ?? 1));
      };
      const hertz = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);
      expect(balance([48, 78], hertz(78))).toBeGreaterThan(2);
      expect(balance([48, 78], hertz(48))).toBeLessThan(-2);
      expect(Math.abs(balance([60], hertz(60)))).toBeLessThan(2);
    },
  );

  test("a take that swells has the same samples in chunks, and is louder at the crest alone", () => {
    const { harmony: voice } = paletteNamed("glass").voices;
    const swell = { kind: "swell", at: frames(1_000), end: frames(16_000), amount: 1.5 } as const;
    const options = { voice, notes: BAR.harmony, movements: [swell] };
    const whole = renderStretch(renderer, { take: "swells", ...options, to: LENGTH });
    for (let from = 0; from < LENGTH; from += 333) {
      const to = Math.min(LENGTH, from + 333);
      const chunk = renderStretch(renderer, { take: "swells cut", ...options, from, to });
      expect(chunk.left).toEqual(whole.left.subarray(from, to));
    }
    renderer.release("swells");
    renderer.release("swells cut");
    const still = renderOnce(voice, BAR.harmony);
    expect(whole.left[10_000]).toBeCloseTo(1.5 * (still.left[10_000] ?? 0), 5);
    expect(whole.left.subarray(16_000)).toEqual(still.left.subarray(16_000));
    expect(whole.left.subarray(0, 1_000)).toEqual(still.left.subarray(0, 1_000));
  });

  test("half the gain is half the level", () => {
    const { melody } = PALETTE.voices;
    const full = peakOf(renderOnce({ ...melody, gain: 1 }, BAR.melody));
    expect(peakOf(renderOnce({ ...melody, gain: 0.5 }, BAR.melody))).toBeCloseTo(full / 2, 6);
  });
});

describe("refusals", () => {
  const voice = PALETTE.voices.melody;
  const good = { voice, notes: BAR.melody, from: 0, to: 100 };

  test.each([
    ["ends before it starts", { from: 200 }],
    ["starts before the take", { from: -1 }],
    ["ends nowhere", { to: Number.NaN }],
    ["has no end", { to: Infinity }],
    ["is longer than five minutes", { to: 301 * SAMPLE_RATE }],
    ["has notes out of order", { notes: [note(500, 10, 60), note(400, 10, 60)] }],
    ["is panned outside the stereo field", { voice: { ...voice, pan: 1.5 } }],
    ["is wider than twice its instrument", { voice: { ...voice, width: 2.5 } }],
    ["has sections more than all apart", { voice: { ...voice, divisi: 1.1 } }],
    ["has no gain", { voice: { ...voice, gain: Number.NaN } }],
  ])("a stretch that %s is refused", (_, change) => {
    expect(() => renderStretch(renderer, { ...good, ...change })).toThrow(RangeError);
  });

  test("a voice that the soundfont lacks is refused by its numbers", () => {
    const missing = { ...good, voice: { ...voice, program: 125 } };
    expect(() => renderStretch(renderer, missing)).toThrow(
      expect.objectContaining({
        name: "PaletteError",
        message: expect.stringContaining("program 125"),
      }),
    );
  });

  test("a soundfont without the palettes' voices is refused and names them", async () => {
    const soundfont = BasicSoundBank.getSampleSoundBankFile();
    await expect(createRenderer({ soundfont, sampleRate: SAMPLE_RATE })).rejects.toMatchObject({
      name: "PaletteError",
      message: expect.stringContaining("glass/melody (bank 0, program 11)"),
    });
  });

  test("bytes that are no soundfont are refused", async () => {
    const soundfont = new TextEncoder().encode("<!doctype html>".repeat(100)).buffer;
    await expect(createRenderer({ soundfont, sampleRate: SAMPLE_RATE })).rejects.toMatchObject({
      name: "PaletteError",
    });
  });
});
