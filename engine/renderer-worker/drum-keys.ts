import { midiPitch, type MidiPitch } from "../time/units.ts";
import type { Voice } from "./service.ts";

/**
 * The percussion keys that the soundfont subset holds, and where every other key of the General MIDI
 * percussion map goes: to the nearest sound that is there, so that no drum note is ever silent.
 */
const KEPT = [36, 37, 38, 39, 41, 42, 44, 45, 46, 47, 50, 51, 54, 56, 57, 70] as const;

/** Kept key → the keys that it stands in for. */
const FOLDED: Readonly<Record<number, readonly number[]>> = {
  36: [35],
  // side stick: wood blocks, claves, castanets
  37: [75, 76, 77, 85],
  38: [40],
  41: [43],
  // toms: bongos, congas and timbales, low to high
  45: [64],
  47: [48, 61, 63, 66],
  50: [60, 62, 65],
  // ride: its bell, the second ride, triangles
  51: [53, 59, 80, 81],
  // cowbell: agogos
  56: [67, 68],
  // crash: the first crash, china, splash
  57: [49, 52, 55],
  // maracas: cabasa, shaker
  70: [69, 82],
};

/** What no kit holds becomes a tambourine. */
const ELSE = 54;

/** The kit whose keys are those of the General MIDI map. */
export const STANDARD_KIT = 0;

/** Kits whose keys differ from the General MIDI map, by program. */
const KIT_KEYS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  // TR-808: its open hat alone is 48 kB; a shaken maraca stands in.
  25: { 44: 42, 46: 70 },
  // Orchestra kit: timpani lie on the tom keys; taikos and congas play the toms, shaker the hats.
  48: { 41: 87, 42: 82, 44: 82, 45: 86, 46: 54, 47: 64, 50: 63, 51: 30 },
};

/** The key that a kit plays for a General MIDI percussion key. */
export function kitKey(program: number, pitch: MidiPitch): MidiPitch {
  const folded = KEPT.find((key) => key === pitch || FOLDED[key]?.includes(pitch)) ?? ELSE;
  return midiPitch(KIT_KEYS[program]?.[folded] ?? folded);
}

/** The key that a voice of drums plays; a kit of our own has all keys that are kept. */
export const keyOf = (voice: Voice, pitch: MidiPitch): MidiPitch =>
  kitKey(voice.kind === "sampled" ? voice.program : STANDARD_KIT, pitch);

/** Where a General MIDI percussion key stands, -1 left – 1 right, heard from the drummer's audience. */
const PLACES: Readonly<Record<number, number>> = {
  41: 0.5,
  42: 0.35,
  44: 0.35,
  45: 0.2,
  46: 0.35,
  47: -0.15,
  50: -0.4,
  51: -0.45,
  54: -0.4,
  56: 0.25,
  57: -0.5,
  70: -0.35,
};

/** Where each key of a kit stands; keys that are not listed stand in the middle. */
export const placesOfKit = (program: number): ReadonlyMap<MidiPitch, number> =>
  new Map(
    Object.entries(PLACES).map(([key, place]) => [kitKey(program, midiPitch(Number(key))), place]),
  );

/** The keys that a kit must hold. */
export const keysOfKit = (program: number): readonly MidiPitch[] => [
  ...new Set(KEPT.map((key) => kitKey(program, midiPitch(key)))),
];
