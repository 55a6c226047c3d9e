import {
  BasicSoundBank,
  MIDIControllers,
  NonRegisteredMSB,
  SoundBankLoader,
  SpessaSynthProcessor,
  type BasicPreset,
} from "spessasynth_core";
import { STEMS } from "../music/stem.ts";
import { keysOfKit, placesOfKit } from "./drum-keys.ts";
import { PaletteError } from "./errors.ts";
import { DRUM_BANK } from "./palettes.ts";
import type { Palette, SampledVoice } from "./service.ts";
import { BLOCK_FRAMES, placeOf, type Instrument, type Section } from "./voices/instrument.ts";

/** Sounding samples of one synthesiser; a chord of five with its releases stays below 40. */
const VOICE_CAP = 64;

/** A soundfont and what the synthesisers share. Samples are decoded at their first use. */
export interface Font {
  readonly bank: BasicSoundBank;
  readonly sampleRate: number;
  /** Effects are off; one idle set for all synthesisers spares 0.9 MB in each. */
  readonly effects: Pick<
    SpessaSynthProcessor,
    "reverbProcessor" | "chorusProcessor" | "delayProcessor"
  >;
}

/** Reads a soundfont (SF2, SF3 or DLS). Rejects with `PaletteError` when it is none. */
export async function openFont(soundfont: ArrayBuffer, sampleRate: number): Promise<Font> {
  try {
    refuseForeign(new DataView(soundfont));
    await BasicSoundBank.isSF3DecoderReady;
    const bank = SoundBankLoader.fromArrayBuffer(soundfont);
    return { bank, sampleRate, effects: new SpessaSynthProcessor(sampleRate) };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new PaletteError(`the soundfont cannot be read: ${reason}`, { cause: error });
  }
}

/** What a soundfont begins with: RIFF, the length of what follows, and one of these. */
const FORMS: ReadonlySet<string> = new Set(["sfbk", "sfpk", "sfen", "DLS "]);

/** Throws for what is none, or only the beginning of one: the synthesiser would read that and play silence. */
function refuseForeign(bytes: DataView): void {
  const wordAt = (from: number): string =>
    String.fromCharCode(...[0, 1, 2, 3].map((place) => bytes.getUint8(from + place)));
  const start = bytes.byteLength < 12 ? "" : wordAt(0);
  const isLarge = start === "RIFS";
  const form = start === "RIFF" ? wordAt(8) : isLarge && bytes.byteLength > 16 ? wordAt(12) : "";
  if (!FORMS.has(form)) throw new Error("it is no SF2, SF3 or DLS file");
  const whole = isLarge ? 0 : bytes.getUint32(4, true) + 8;
  if (bytes.byteLength < whole) {
    throw new Error(`it ends after ${bytes.byteLength} of ${whole} bytes`);
  }
}

/** What a voice names of a font: its instrument, or that of its plucked notes. */
type Named = Pick<SampledVoice, "bank" | "program">;

const presetOf = (font: Font, { bank, program }: Named): BasicPreset | undefined =>
  font.bank.presets.find(
    (preset) =>
      preset.program === program &&
      preset.isGMGSDrum === (bank === DRUM_BANK) &&
      (preset.isGMGSDrum || (preset.bankMSB === bank && preset.bankLSB === 0)),
  );

/** Every voice of the first soundfont, and every drum key, that a font lacks, as "palette/stem (bank 0, program 73)". */
export const missingVoices = (font: Font, palettes: readonly Palette[]): readonly string[] =>
  voicesOn(undefined, palettes).flatMap(({ voice, label }) => {
    const preset = presetOf(font, voice);
    if (preset === undefined) return [`${label})`];
    const keys = preset.isGMGSDrum ? keysOfKit(voice.program) : [];
    const silent = keys.filter((key) => preset.getVoiceParameters(key, 100).length === 0);
    return silent.length === 0 ? [] : [`${label}, keys ${silent.join(" ")})`];
  });

/** Every voice of the soundfont of this name that is not in a font, or that nobody would hear. */
export const unheardVoices = (
  font: Font,
  palettes: readonly Palette[],
  name: string,
): readonly string[] =>
  voicesOn(name, palettes).flatMap(({ voice, label }) => {
    const preset = presetOf(font, voice);
    if (preset === undefined) return [`${label})`];
    const keys = preset.isGMGSDrum ? keysOfKit(voice.program) : EVERY_KEY;
    return isHeard(preset, keys) ? [] : [`${label}, which has no sound)`];
  });

const MOST_TOLD = 5;

/** Some of the instruments of a font, for whoever asked it for another. */
export function instrumentsOf({ bank: { presets } }: Font): string {
  const told = presets.slice(0, MOST_TOLD).map(({ program, bankMSB, isGMGSDrum, name }) => {
    const place = isGMGSDrum ? `kit ${program}` : `bank ${bankMSB}, program ${program}`;
    return `${place} (${name.trim()})`;
  });
  const more = presets.length - told.length;
  return `${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

interface LabelledVoice {
  readonly voice: Named;
  readonly label: string;
}

const voicesOn = (
  fontName: string | undefined,
  palettes: readonly Palette[],
): readonly LabelledVoice[] =>
  palettes.flatMap(({ name, voices }) =>
    STEMS.flatMap((stem) => {
      const voice = voices[stem];
      if (voice.kind === "synthesised" || voice.font !== fontName) return [];
      const named: readonly (readonly [what: string, Named])[] = [
        [stem, voice],
        ...(voice.plucked === undefined ? [] : [[`${stem} pizzicato`, voice.plucked] as const]),
      ];
      return named.map(([what, { bank, program }]) => ({
        voice: { bank, program },
        label: `${name}/${what} (bank ${bank}, program ${program}`,
      }));
    }),
  );

const EVERY_KEY = Array.from({ length: 128 }, (_, key) => key);

/** Whether any of the keys sounds: samples of a format that the synthesiser does not know are silent. */
function isHeard(preset: BasicPreset, keys: readonly number[]): boolean {
  const samples = new Set(
    keys.flatMap((key) => preset.getVoiceParameters(key, 100).map(({ sample }) => sample)),
  );
  return [...samples].some((sample) => sample.getAudioData().some((level) => level !== 0));
}

const reaches = new WeakMap<BasicPreset, readonly number[]>();

/** The key that sounds for each key: itself, or where the instrument does not reach it the same pitch class in the nearest octave. */
function reachOf(preset: BasicPreset): readonly number[] {
  const known = reaches.get(preset);
  if (known !== undefined) return known;
  const has = EVERY_KEY.map((key) => preset.getVoiceParameters(key, 100).length > 0);
  const reach = EVERY_KEY.map((key) => {
    const octaves = [0, 1, -1, 2, -2, 3, -3, 4, -4].map((octave) => key + 12 * octave);
    return octaves.find((other) => has[other] === true) ?? key;
  });
  reaches.set(preset, reach);
  return reach;
}

/** Makes a synthesiser for a voice; destroying it would empty the bank. Throws `PaletteError` when the font lacks it. */
export function openSynth(font: Font, voice: SampledVoice): Instrument {
  const preset = presetOrThrow(font, voice);
  const { reverbProcessor, chorusProcessor, delayProcessor } = font.effects;
  const processor = new SpessaSynthProcessor(font.sampleRate, {
    maxBufferSize: BLOCK_FRAMES,
    effectsEnabled: false,
    eventsEnabled: false,
    reverbProcessor,
    chorusProcessor,
    delayProcessor,
  });
  processor.setSystemParameter("voiceCap", VOICE_CAP);
  processor.soundBankManager.addSoundBank(font.bank, "font");
  if (preset.isGMGSDrum) return openDrums(processor, voice.program);
  const seats = seatsOf(voice);
  const reaches = seats.map(({ played }, channel) => {
    processor.controllerChange(channel, MIDIControllers.bankSelect, played.bank);
    processor.programChange(channel, played.program);
    return voice.font === undefined ? EVERY_KEY : reachOf(presetOrThrow(font, played));
  });
  const channelOf = (section: Section): number =>
    Math.max(
      0,
      seats.findIndex((seat) => seat.section === section),
    );
  const processAll: Instrument["process"] = (left, right, frames) =>
    processor.process(left, right, 0, frames);
  return {
    noteOn(pitch, velocity, section) {
      const channel = channelOf(section);
      processor.noteOn(channel, reaches[channel]?.[pitch] ?? pitch, velocity);
    },
    noteOff(pitch, section) {
      const channel = channelOf(section);
      processor.noteOff(channel, reaches[channel]?.[pitch] ?? pitch);
    },
    process: seats.length > 1 ? processSeats(processor, seats) : processAll,
  };
}

function presetOrThrow(font: Font, named: Named): BasicPreset {
  const preset = presetOf(font, named);
  if (preset !== undefined) return preset;
  throw new PaletteError(
    `the soundfont has no voice at bank ${named.bank}, program ${named.program}`,
  );
}

/** Where a section of a voice sits, and on what it plays. */
interface Seat {
  readonly section: Section;
  readonly played: Named;
  /** -1 left – 1 right. */
  readonly place: number;
  /** Linear. */
  readonly gain: number;
}

/** The channel of each is its place here. */
function seatsOf(voice: SampledVoice): readonly Seat[] {
  const { plucked, divisi: apart = 0 } = voice;
  const bowing: readonly Section[] = apart > 0 ? ["all", "upper", "lower"] : ["all"];
  const bowed = bowing.map((section) => ({
    section,
    played: voice,
    place: placeOf(section, apart),
    gain: 1,
  }));
  if (plucked === undefined) return bowed;
  return [...bowed, { section: "plucked", played: plucked, place: 0, gain: plucked.gain }];
}

/** Each section by itself, so that recordings in stereo keep their width where they are placed. */
function processSeats(
  processor: SpessaSynthProcessor,
  seats: readonly Seat[],
): Instrument["process"] {
  const channels = seats.map(({ place, gain }) => ({
    pair: [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)] as [
      Float32Array,
      Float32Array,
    ],
    toLeft: Math.sqrt(1 - place) * gain,
    toRight: Math.sqrt(1 + place) * gain,
  }));
  const pairs = channels.map(({ pair }) => pair);
  return (left, right, frames) => {
    for (const pair of pairs) for (const channel of pair) channel.fill(0);
    processor.processSplit(pairs, left, right, 0, frames);
    for (const { pair, toLeft, toRight } of channels) {
      const [ownLeft, ownRight] = pair;
      for (let i = 0; i < frames; i += 1) {
        left[i] = (left[i] ?? 0) + (ownLeft[i] ?? 0) * toLeft;
        right[i] = (right[i] ?? 0) + (ownRight[i] ?? 0) * toRight;
      }
    }
  };
}

const DRUM_CHANNEL = 9;

function openDrums(processor: SpessaSynthProcessor, program: number): Instrument {
  processor.programChange(DRUM_CHANNEL, program);
  spreadKit(processor, DRUM_CHANNEL, program);
  return {
    noteOn: (key, velocity) => processor.noteOn(DRUM_CHANNEL, key, velocity),
    noteOff: (key) => processor.noteOff(DRUM_CHANNEL, key),
    process: (left, right, frames) => processor.process(left, right, 0, frames),
  };
}

/** Gives each drum its place by the Roland GS parameter "drum instrument pan" (SC-8850 manual, NRPN 1C rr). */
function spreadKit(processor: SpessaSynthProcessor, channel: number, program: number): void {
  for (const [key, place] of placesOfKit(program)) {
    processor.controllerChange(
      channel,
      MIDIControllers.nonRegisteredParameterMSB,
      NonRegisteredMSB.drumPan,
    );
    processor.controllerChange(channel, MIDIControllers.nonRegisteredParameterLSB, key);
    processor.controllerChange(channel, MIDIControllers.dataEntryMSB, 64 + Math.round(place * 63));
  }
}
