import { readBlend } from "../music/blend.ts";
import { perStem } from "../music/stem.ts";
import type { Manner } from "../music/orchestrate.ts";
import { decibels, gainOf, midiPitch, unitInterval } from "../time/units.ts";
import { blended } from "./blended.ts";
import measured from "./palette-trims.json" with { type: "json" };
import type {
  KitPatch,
  Palette,
  PitchedPatch,
  SampledVoice,
  SynthesisedVoice,
  Tone,
} from "./service.ts";
import { STEM_MIX } from "./stem-mix.ts";

/** Bank of the percussion kits. */
export const DRUM_BANK = 128;
/** The soundfont of the orchestra, which comes when a score names its palette. */
export const ORCHESTRA = "orchestra";
/** The General MIDI program of plucked strings. */
export const PIZZICATO = 45;

const voice = (program: number, gain: number, pan = 0): SampledVoice => ({
  kind: "sampled",
  bank: 0,
  program,
  gain,
  pan,
});
const kit = (program: number, gain: number): SampledVoice => ({
  ...voice(program, gain),
  bank: DRUM_BANK,
});
/** One of our own instruments, with the General MIDI program that is nearest to it. */
const own = (patch: PitchedPatch, program: number, gain: number, pan = 0): SynthesisedVoice => ({
  ...voice(program, gain, pan),
  kind: "synthesised",
  patch,
});
const ownKit = (patch: KitPatch, program: number, gain: number): SynthesisedVoice => ({
  ...kit(program, gain),
  kind: "synthesised",
  patch,
});

/** A section of the orchestra, or its kit. */
const section = (instrument: SampledVoice): SampledVoice => ({ ...instrument, font: ORCHESTRA });
/** A section whose strings pluck what is light, so many times as loud, where it is calmer than `CALM`. */
const plucking = (instrument: SampledVoice, gain: number): SampledVoice => ({
  ...playing(instrument, { ...instrument.manner, pizzicato: { below: CALM } }),
  plucked: { bank: 0, program: PIZZICATO, gain },
});

const playing = <Kind extends SampledVoice | SynthesisedVoice>(
  instrument: Kind,
  manner: Manner,
): Kind => ({ ...instrument, manner });

/** Goes down under a kick, by so many decibels at intensity 1. */
const yielding = <Kind extends SampledVoice | SynthesisedVoice>(
  instrument: Kind,
  most: number,
): Kind => ({ ...instrument, pump: decibels(most) });

const CALM = unitInterval(0.6);
const LEGATO: Manner = { touch: "legato" };
const DETACHED: Manner = { touch: "detached" };
const STACCATO: Manner = { touch: "staccato" };
/** Held notes grow by so many decibels and come back, below this intensity … */
const swelling = (below: number, by: number): Manner => ({
  swell: { below: unitInterval(below), by: decibels(by) },
});
/** … and tremble from this one on. */
const trembling = (from: number, depth: number): Manner => ({
  tremolo: { from: unitInterval(from), depth: unitInterval(depth) },
});
/** Strings in front of a battle: thin below, and bright. */
const BITING: Tone = {
  lowCut: 220,
  bell: { hertz: 1_300, gain: decibels(-3), q: 0.6 },
  shelf: { hertz: 3_500, gain: decibels(4) },
};
/** Chords are shared by two sections that stand so far apart. */
const divided = <Kind extends SampledVoice | SynthesisedVoice>(
  instrument: Kind,
  divisi: number,
): Kind => ({ ...instrument, divisi });
/** Joined from this intensity on by others of the section, an octave higher or lower. */
const joinedAbove = (from: number): NonNullable<Manner["doubling"]> => ({
  from: unitInterval(from),
  octaves: 1,
});
const joinedBelow = (from: number): NonNullable<Manner["doubling"]> => ({
  from: unitInterval(from),
  octaves: -1,
});
/** The deep drum of an orchestra rolls into a downbeat. */
export const rollingFrom = (from: number): Manner => ({
  roll: { from: unitInterval(from), drum: midiPitch(41) },
});

/**
 * Balances: gains that bring the melody of a four-bar phrase to about -24.5 LUFS, harmony and counter 5 dB and
 * bass 3 dB below it.
 */
const BALANCED: readonly [Palette, ...Palette[]] = [
  // Flute over harp and nylon guitar, acoustic bass, a light kit: villages, meadows, day.
  {
    name: "plucked",
    voices: {
      melody: playing(voice(73, 1.24, 0.2), {
        ...LEGATO,
        ...swelling(0.7, 2.5),
        doubling: joinedAbove(0.85),
      }),
      counter: voice(24, 1.95, -0.75),
      harmony: voice(46, 1.22, 0.65),
      bass: voice(32, 1.01),
      drums: kit(0, 0.88),
    },
    reverb: 0.2,
  },
  // Clarinet over marimba and kalimba, acoustic bass, brushes: woods, workshops, riddles.
  {
    name: "wooden",
    voices: {
      melody: playing(voice(71, 1.22, -0.25), { ...LEGATO, ...swelling(0.7, 2.5) }),
      counter: voice(108, 2.15, 0.8),
      harmony: voice(12, 1.16, -0.7),
      bass: voice(32, 1.01),
      drums: kit(40, 0.52),
    },
    reverb: 0.16,
  },
  // Vibraphone over a warm pad and harp, synth bass, TR-808: lakes, night, dreams.
  {
    name: "glass",
    voices: {
      melody: voice(11, 2.25, -0.3),
      counter: voice(46, 1.84, 0.8),
      harmony: yielding(playing(voice(89, 1.15, -0.35), { ...LEGATO, ...swelling(0.5, 3) }), -5),
      bass: voice(39, 1.27),
      drums: kit(25, 0.75),
    },
    reverb: 0.34,
  },
  // Crystal bells over low voices and tubular bells, synth bass, orchestral drums: caves, magic.
  {
    name: "crystal",
    voices: {
      melody: playing(voice(98, 2.2, 0.25), { doubling: joinedAbove(0.7) }),
      counter: voice(14, 1.28, -0.75),
      harmony: yielding(
        divided(playing(voice(53, 0.84, 0.5), { ...LEGATO, ...swelling(0.6, 3) }), 0.5),
        -3,
      ),
      bass: voice(39, 1.27),
      drums: playing(kit(48, 0.87), rollingFrom(0.6)),
    },
    reverb: 0.4,
  },
  // Trumpet over strings and horns, tuba, orchestral drums: danger, battle, triumph.
  {
    name: "heroic",
    voices: {
      melody: playing(voice(56, 1.08, 0.15), {
        ...LEGATO,
        ...swelling(0.5, 2),
        doubling: joinedBelow(0.7),
      }),
      counter: playing(voice(60, 0.86, -0.45), STACCATO),
      harmony: yielding(
        divided(
          playing(voice(49, 0.76), { ...LEGATO, ...swelling(0.5, 3), ...trembling(0.8, 0.5) }),
          0.6,
        ),
        -2,
      ),
      bass: playing(voice(58, 0.84), { doubling: joinedBelow(0.6) }),
      drums: playing(kit(48, 1.05), rollingFrom(0.5)),
    },
    reverb: 0.24,
  },
  // Horns over strings, a growling bass, orchestral drums in front: battles, chases.
  {
    name: "battle",
    voices: {
      melody: playing(voice(60, 1.15, -0.15), { ...LEGATO, doubling: joinedAbove(0.7) }),
      counter: voice(12, 1.46, 0.45),
      harmony: yielding(
        divided(
          { ...playing(voice(49, 0.68), { ...LEGATO, ...trembling(0.6, 0.6) }), tone: BITING },
          0.6,
        ),
        -3,
      ),
      bass: playing(own("reese", 38, 0.112), DETACHED),
      drums: playing(kit(48, 1.45), rollingFrom(0.5)),
    },
    reverb: 0.2,
  },
  // Lead over warm saws and plucks, a wide bass, a drum machine: neon, racing, menus.
  {
    name: "synthwave",
    voices: {
      melody: playing(own("lead", 81, 0.141, 0.1), { ...LEGATO, doubling: joinedAbove(0.8) }),
      counter: own("pluck", 84, 0.178, -0.45),
      harmony: yielding(playing(own("warm", 90, 0.063), LEGATO), -8),
      bass: own("reese", 38, 0.112),
      drums: ownKit("machine", 25, 0.222),
    },
    reverb: 0.22,
  },
  // Two pulses and a triangle, noise for drums: arcades, retro games, bonus rooms.
  {
    name: "chiptune",
    voices: {
      melody: own("pulse", 80, 0.098, -0.15),
      counter: playing(own("square", 80, 0.067, -0.8), STACCATO),
      harmony: playing(own("square", 80, 0.043, 0.8), DETACHED),
      bass: own("triangle", 38, 0.119),
      drums: ownKit("chip", 25, 0.28),
    },
    reverb: 0.05,
  },
  // Bells over slow pads, a deep bass, far drums: ruins, dread, outer space.
  {
    name: "dark",
    voices: {
      melody: own("bell", 14, 0.14, 0.15),
      counter: own("shimmer", 92, 0.073, -0.4),
      harmony: yielding(
        playing(own("warm", 89, 0.063, 0.1), { ...LEGATO, ...swelling(0.7, 3) }),
        -4,
      ),
      bass: own("sub", 39, 0.116),
      drums: playing(kit(48, 0.5), rollingFrom(0.6)),
    },
    reverb: 0.45,
  },
  // Electric keys over glassy pads, a round bass, TR-808: shops, safe rooms, rain.
  {
    name: "lofi",
    voices: {
      melody: own("keys", 4, 0.178, -0.1),
      counter: voice(24, 1.85, 0.45),
      harmony: yielding(playing(own("shimmer", 92, 0.045), LEGATO), -6),
      bass: own("sub", 39, 0.116),
      drums: kit(25, 0.75),
    },
    reverb: 0.2,
  },
  // Everybody: strings and woodwind, brass where it is driven, harp, orchestral drums: finales, wide views.
  {
    name: "orchestra",
    standIn: "heroic",
    voices: {
      melody: playing(section(voice(48, 0.95)), { ...LEGATO, doubling: joinedAbove(0.75) }),
      counter: plucking(
        playing(section(voice(71, 0.72)), { ...LEGATO, doubling: joinedBelow(0.8) }),
        2.2,
      ),
      harmony: yielding(
        divided(
          playing(section(voice(49, 0.6)), {
            ...LEGATO,
            ...swelling(0.5, 3),
            ...trembling(0.8, 0.5),
          }),
          0.6,
        ),
        -2,
      ),
      bass: plucking(
        playing(section(voice(43, 0.88)), { ...LEGATO, doubling: joinedBelow(0.6) }),
        1.4,
      ),
      drums: playing(section(kit(48, 0.8)), rollingFrom(0.5)),
    },
    reverb: 0.3,
  },
];

/** In decibels, measured by `npm run trims`: a phrase is as loud on one palette as on another. */
const trims: ReadonlyMap<string, number> = new Map(Object.entries(measured));

function trimmed(palette: Palette): Palette {
  const trim = gainOf(decibels(trims.get(palette.name) ?? 0));
  const voices = perStem((stem) => {
    const voice = palette.voices[stem];
    return { ...STEM_MIX[stem], ...voice, gain: voice.gain * trim };
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

/** A palette of the engine by its name; a name that does not exist, in a score made by hand, gives the first. */
export const builtInPalette = (name: string): Palette =>
  PALETTES.find((palette) => palette.name === name) ?? PALETTES[0];

/** A palette by its name, or that of a blend of two. `known` finds single ones; default: those of the engine. */
export function paletteNamed(
  name: string,
  known: (name: string) => Palette = builtInPalette,
): Palette {
  const blend = readBlend(name);
  if (blend === undefined) return known(name);
  return blended(name, blend, { first: known(blend.first), second: known(blend.second) });
}
