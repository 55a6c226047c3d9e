import { BasicPreset, GeneratorTypes, type BasicSoundBank } from "spessasynth_core";
import { keysOfKit } from "../../engine/renderer-worker/drum-keys.ts";
import { DRUM_BANK, PIZZICATO } from "../../engine/renderer-worker/palettes.ts";
import { presetIn, reduceBank, type PresetKeys } from "./palette-font.ts";

/** An instrument of a section: which of its notes it plays, and where it sits. */
interface Player {
  /** General MIDI program. */
  readonly program: number;
  /** Default: every key. */
  readonly keys?: readonly [low: number, high: number];
  /** From this velocity on; default: always. */
  readonly from?: number;
  /** -1 left – 1 right, as the audience hears it. */
  readonly seat: number;
  /** Decibels by which it is softer than as it was recorded; default 0. */
  readonly softer?: number;
}

/** Instruments that play one stem together; `program` is that of the preset, as MIDI files name it. */
interface Section {
  readonly name: string;
  readonly program: number;
  readonly players: readonly Player[];
}

/**
 * The sections of the palette `orchestra`, each a preset of its soundfont: who plays on is decided note by note
 * by velocity, which is how hard the music is driven (the model writes 75 to 90 where it is calm, 85 to 110 where
 * it is not), so that a calm phrase is strings and woodwind and a climax everybody. Seats are those of an orchestra of today, first violins left and basses right.
 */
const SECTIONS: readonly Section[] = [
  {
    name: "Violins, flute, bells, trumpet",
    program: 48,
    players: [
      { program: 48, seat: -0.5 },
      { program: 73, keys: [60, 127], seat: -0.1, softer: 2 },
      { program: 9, keys: [60, 127], from: 86, seat: -0.3, softer: 9 },
      { program: 68, keys: [58, 91], from: 82, seat: 0.12, softer: 6 },
      { program: 56, keys: [55, 88], from: 91, seat: 0.35, softer: 5 },
    ],
  },
  {
    name: "Clarinet, bassoon, horns",
    program: 71,
    players: [
      { program: 71, keys: [50, 127], seat: -0.15 },
      { program: 70, keys: [0, 66], seat: 0.2 },
      { program: 60, keys: [36, 79], from: 90, seat: -0.45, softer: 3 },
    ],
  },
  {
    name: "Strings, harp, horns, trombones",
    program: 49,
    players: [
      { program: 48, seat: 0.1, softer: 3 },
      { program: 46, seat: -0.4 },
      { program: 60, keys: [40, 77], from: 87, seat: -0.45, softer: 4 },
      { program: 57, keys: [36, 72], from: 92, seat: 0.45, softer: 6 },
    ],
  },
  {
    name: "Cellos, basses, trombone, tuba",
    program: 43,
    players: [
      { program: 43, seat: 0.5 },
      { program: 42, keys: [36, 127], seat: 0.3, softer: 2 },
      { program: 57, keys: [40, 72], from: 93, seat: 0.4, softer: 5 },
      { program: 58, keys: [0, 55], from: 98, seat: 0.45, softer: 4 },
    ],
  },
  {
    name: "Pizzicato strings",
    program: PIZZICATO,
    players: [
      { program: PIZZICATO, keys: [0, 43], seat: 0.45 },
      { program: PIZZICATO, keys: [44, 58], seat: 0.25 },
      { program: PIZZICATO, keys: [59, 127], seat: -0.3 },
    ],
  },
];

const ORCHESTRA_KIT = 48;
const EVERY_KEY = Array.from({ length: 128 }, (_, key) => key);
/** Of a generator: half of it is one side. */
const WIDEST_PAN = 500;
/** An attenuation in centibels counts two fifths, as on the sound cards for which the format was made. */
const ATTENUATION = 10 / 0.4;

const pitched = (program: number, keys: readonly number[]): PresetKeys => ({
  drums: false,
  bank: 0,
  program,
  keys,
});

/** All that the soundfont of the orchestra is made of: the same text gives the same file. */
export const orchestraRecipe = (): unknown => [SECTIONS, neededPresets()];

/** Every instrument once, with all keys that any section has it play. */
function neededPresets(): readonly PresetKeys[] {
  const keys = new Map<number, Set<number>>();
  for (const { program, keys: range } of SECTIONS.flatMap(({ players }) => players)) {
    const [low, high] = range ?? [0, 127];
    const known = keys.get(program) ?? new Set();
    for (const key of EVERY_KEY.slice(low, high + 1)) known.add(key);
    keys.set(program, known);
  }
  const kit = { drums: true, bank: DRUM_BANK, program: ORCHESTRA_KIT };
  return [
    ...[...keys].map(([program, known]) => pitched(program, [...known])),
    { ...kit, keys: keysOfKit(ORCHESTRA_KIT) },
  ];
}

/** Reduces a sound bank, in place, to the sections and the kit. Throws `RangeError` on a missing preset. */
export function seatOrchestra(bank: BasicSoundBank): void {
  reduceBank(bank, neededPresets());
  const sections = SECTIONS.map((section) => presetOf(bank, section));
  for (const preset of bank.presets.filter(({ isGMGSDrum }) => !isGMGSDrum)) {
    bank.deletePreset(preset);
  }
  bank.addPresets(...sections);
  bank.flush();
}

function presetOf(bank: BasicSoundBank, { name, program, players }: Section): BasicPreset {
  const preset = new BasicPreset(bank);
  preset.name = name;
  preset.program = program;
  for (const player of players) seat(preset, presetIn(bank, pitched(player.program, [])), player);
  return preset;
}

/** Adds what a player plays to the preset of a section. */
function seat(
  preset: BasicPreset,
  { zones, globalZone }: BasicPreset,
  { keys = [0, 127], from = 0, seat: place, softer = 0 }: Player,
): void {
  for (const zone of zones) {
    const range = zone.hasKeyRange ? zone.keyRange : globalZone.keyRange;
    const [low, high] = [Math.max(range.min, keys[0]), Math.min(range.max, keys[1])];
    if (low > high) continue;
    const seated = preset.createZone(zone.instrument);
    seated.copyFrom(zone);
    seated.keyRange = { min: low, max: high };
    const { min, max } = zone.hasVelRange ? zone.velRange : globalZone.velRange;
    seated.velRange = { min: Math.max(min, from), max };
    for (const { type, value } of globalZone.generators) {
      if (zone.getGenerator(type, null) === null) seated.setGenerator(type, value);
    }
    seated.addModulators(...globalZone.modulators);
    seated.addToGenerator(GeneratorTypes.pan, Math.round(place * WIDEST_PAN));
    seated.addToGenerator(GeneratorTypes.initialAttenuation, Math.round(softer * ATTENUATION));
  }
}
