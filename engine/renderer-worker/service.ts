import type { Movement } from "../music/dynamics.ts";
import type { Manner } from "../music/orchestrate.ts";
import type { Stem } from "../music/stem.ts";
import type {
  Decibels,
  Frames,
  MidiPitch,
  Milliseconds,
  UnitInterval,
  Velocity,
} from "../time/units.ts";

/**
 * The boundary between the game's thread and the renderer worker: notes in frames go in, stereo PCM
 * comes back. The worker knows neither bars nor tempo.
 */
export interface RendererService {
  /** Opens the soundfont; called once. Rejects with `PaletteError`. The bytes are transferred. */
  load(options: RendererOptions): Promise<void>;
  /**
   * Opens another soundfont beside it, under a name. Rejects with `PaletteError` where it cannot be read or
   * lacks an instrument of the palettes that play on it; the name then has none. The bytes are transferred.
   */
  addFont(options: FontOptions): Promise<void>;
  /**
   * Renders one stretch of a take. A synthesiser is kept for each `take`, so that consecutive
   * stretches join without a seam; a stretch that does not follow the last one is reached by starting
   * afresh, with the same samples as if it had followed. Deterministic. The PCM is transferred.
   */
  render(request: RenderRequest): Promise<RenderedChunk>;
  /** Forgets a take's synthesiser. Unknown takes are ignored. */
  release(take: string): void;
  /** Takes memory of chunks that nobody reads any more, for those to come. It is transferred. */
  recycle(memory: readonly ArrayBuffer[]): void;
}

export interface RendererOptions {
  readonly soundfont: ArrayBuffer;
  /** Hertz. */
  readonly sampleRate: number;
}

export interface FontOptions {
  /** As voices name it. */
  readonly name: string;
  /** SF2, SF3 or DLS. */
  readonly soundfont: ArrayBuffer;
  readonly palettes: readonly Palette[];
}

/** A note in frames from the start of its take. */
export interface FrameNote {
  readonly at: Frames;
  readonly end: Frames;
  readonly pitch: MidiPitch;
  readonly velocity: Velocity;
  /** Played by the voice's `plucked`, where it has one. */
  readonly plucked?: true;
}

/** A stretch within which the take moves in loudness. */
export interface FrameMovement {
  readonly kind: Movement["kind"];
  /** Frames from the start of the take, `end` excluded. */
  readonly at: Frames;
  readonly end: Frames;
  /** Of a swell, the linear gain at its crest; of a tremolo, its depth, 0–1. */
  readonly amount: number;
}

export interface RenderRequest {
  /** Names the take and stem; the same name must always come with the same notes, movements and voice. */
  readonly take: string;
  readonly voice: Voice;
  /** All notes of the take, in order of `at`. */
  readonly notes: readonly FrameNote[];
  /** In order of `at`, none within another. Default: none. */
  readonly movements?: readonly FrameMovement[];
  readonly from: Frames;
  /** Excluded. May lie after the last note: the rest of the release is rendered there. */
  readonly to: Frames;
}

export interface RenderedChunk {
  readonly take: string;
  readonly from: Frames;
  readonly to: Frames;
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
  /** Time the worker spent on this chunk. */
  readonly cost: Milliseconds;
}

/** Instruments that the renderer makes itself, and that need no soundfont. */
export type PitchedPatch =
  | "sub"
  | "reese"
  | "warm"
  | "shimmer"
  | "pluck"
  | "keys"
  | "lead"
  | "bell"
  | "square"
  | "pulse"
  | "triangle";

/** Drum kits that the renderer makes itself; they know the keys of `drum-keys.ts`. */
export type KitPatch = "machine" | "chip";

/** How the sound of a voice is filtered, so that each stem has its place; what is absent does nothing. */
export interface Tone {
  /** Hertz, below which it falls by 12 dB an octave. */
  readonly lowCut?: number;
  /** A dip or a lift around a frequency in hertz; from 0.5 (wide) to 4 (narrow). */
  readonly bell?: { readonly hertz: number; readonly gain: Decibels; readonly q: number };
  /** Half of the gain, in decibels, at a frequency in hertz, and nearly all of it an octave above. */
  readonly shelf?: { readonly hertz: number; readonly gain: Decibels };
}

interface VoiceInMix {
  /** General MIDI bank and program, also of what MIDI files name for a voice without samples; drums are bank 128. */
  readonly bank: number;
  readonly program: number;
  /** Linear make-up gain applied to the PCM. */
  readonly gain: number;
  /** -1 left – 1 right. */
  readonly pan: number;
  /** 0 mono, 1 as wide as the instrument is (the default), 2 twice as wide. */
  readonly width?: number;
  /** Chords are shared by two sections of it that stand so far apart, 0–1. Default 0: one plays all. */
  readonly divisi?: number;
  readonly tone?: Tone;
  /** How far it goes down under a kick at intensity 1, such as -6 dB. Default: not at all. */
  readonly pump?: Decibels;
  /** Its part of what the palette sends to the reverb. Default 1. */
  readonly room?: UnitInterval;
  /** Default: plays what is written. The notes of a request have it in them already. */
  readonly manner?: Manner;
}

/** An instrument of the soundfont. */
export interface SampledVoice extends VoiceInMix {
  readonly kind: "sampled";
  /** The name of the soundfont that has it; absent: the one that is loaded first. */
  readonly font?: string;
  /** The instrument of the same soundfont that its plucked notes have. Default: its own. */
  readonly plucked?: PluckedInstrument;
}

interface PluckedInstrument {
  readonly bank: number;
  readonly program: number;
  /** Linear, beside the gain of the voice. */
  readonly gain: number;
}

/** An instrument of our own; a kit if and only if the bank is 128. */
export interface SynthesisedVoice extends VoiceInMix {
  readonly kind: "synthesised";
  readonly patch: PitchedPatch | KitPatch;
}

/** How one stem sounds: an instrument and its place in the mix. */
export type Voice = SampledVoice | SynthesisedVoice;

/** The instruments of a place. */
export interface Palette {
  readonly name: string;
  readonly voices: Readonly<Record<Stem, Voice>>;
  /** Share of the music that is sent to the reverb, 0–1; of a voice its `room` of that. */
  readonly reverb: number;
  /** The palette that plays while a soundfont of this one is not there. */
  readonly standIn?: string;
}
