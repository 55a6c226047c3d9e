import { perStem } from "../music/stem.ts";
import { decibels, gainOf } from "../time/units.ts";
import measured from "./palette-trims.json" with { type: "json" };
import type { Palette, Voice } from "./service.ts";

/** Bank of the percussion kits. */
export const DRUM_BANK = 128;

const voice = (program: number, gain: number, pan = 0): Voice => ({ bank: 0, program, gain, pan });
const kit = (program: number, gain: number): Voice => ({ bank: DRUM_BANK, program, gain, pan: 0 });

/**
 * Balances: gains that bring the melody of a four-bar phrase to about -24.5 LUFS, harmony and counter 5 dB and
 * bass 3 dB below it.
 */
const BALANCED: readonly [Palette, ...Palette[]] = [
  // Flute over harp and nylon guitar, acoustic bass, a light kit: villages, meadows, day.
  {
    name: "plucked",
    voices: {
      melody: voice(73, 1.09, 0.15),
      counter: voice(24, 2.33, -0.5),
      harmony: voice(46, 1.4, 0.35),
      bass: voice(32, 1.01),
      drums: kit(0, 0.88),
    },
    reverb: 0.2,
  },
  // Clarinet over marimba and kalimba, acoustic bass, brushes: woods, workshops, riddles.
  {
    name: "wooden",
    voices: {
      melody: voice(71, 1.22, -0.15),
      counter: voice(108, 1.95, 0.5),
      harmony: voice(12, 1.16, -0.35),
      bass: voice(32, 1.01),
      drums: kit(40, 0.52),
    },
    reverb: 0.16,
  },
  // Vibraphone over a warm pad and harp, synth bass, TR-808: lakes, night, dreams.
  {
    name: "glass",
    voices: {
      melody: voice(11, 2.25, -0.15),
      counter: voice(46, 1.84, 0.5),
      harmony: voice(89, 1.39, -0.2),
      bass: voice(39, 1.27),
      drums: kit(25, 0.75),
    },
    reverb: 0.34,
  },
  // Crystal bells over low voices and tubular bells, synth bass, orchestral drums: caves, magic.
  {
    name: "crystal",
    voices: {
      melody: voice(98, 1.95, 0.2),
      counter: voice(14, 1.48, -0.5),
      harmony: voice(53, 0.97, 0.3),
      bass: voice(39, 1.27),
      drums: kit(48, 0.87),
    },
    reverb: 0.4,
  },
  // Trumpet over strings and horns, tuba, orchestral drums: danger, battle, triumph.
  {
    name: "heroic",
    voices: {
      melody: voice(56, 0.96, 0.15),
      counter: voice(60, 0.96, -0.45),
      harmony: voice(49, 0.76),
      bass: voice(58, 0.84),
      drums: kit(48, 1.05),
    },
    reverb: 0.24,
  },
];

/** In decibels, measured by `npm run trims`: a phrase is as loud on one palette as on another. */
const trims: ReadonlyMap<string, number> = new Map(Object.entries(measured));

function trimmed(palette: Palette): Palette {
  const trim = gainOf(decibels(trims.get(palette.name) ?? 0));
  const voices = perStem((stem) => {
    const voice = palette.voices[stem];
    return { ...voice, gain: voice.gain * trim };
  });
  return { ...palette, voices };
}

const [first, ...others] = BALANCED;

/** The instruments that a score can name. The bank's phrases have -20 LUFS on each of them, on average. */
export const PALETTES: readonly [Palette, ...Palette[]] = [
  trimmed(first),
  ...others.map((palette) => trimmed(palette)),
];

/** Names that a score may use. */
export const PALETTE_NAMES: readonly string[] = PALETTES.map(({ name }) => name);

/** A palette by its name; a name that does not exist, in a score made by hand, gives the first. */
export const paletteNamed = (name: string): Palette =>
  PALETTES.find((palette) => palette.name === name) ?? PALETTES[0];
