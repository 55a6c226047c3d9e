import type { GrowingFile } from "./growing-file.ts";
import { createOpusFile } from "./opus-file.ts";
import type { Pcm } from "./tape-voice.ts";
import { createWavFile, type BitDepth } from "./wav-file.ts";

/** A stereo file that grows. It stays away from its name until it is whole. */
export interface SoundFile {
  /** Adds frames; samples beyond ±1 are clamped. Rejects as the file does. */
  write(pcm: Pcm): Promise<void>;
  /** Completes and closes the file. */
  end(): Promise<void>;
}

/** How samples become bytes. */
type Encoding =
  | { readonly kind: "wav"; readonly bits: BitDepth }
  /** Ogg Opus at so many kilobits a second, on average. */
  | { readonly kind: "opus"; readonly kilobits: number };

export interface Format {
  /** Hertz. */
  readonly sampleRate: number;
  readonly encoding: Encoding;
}

/** What would be heard just before and after the sound. An encoder that hears it leaves no seam there. */
export interface Around {
  readonly before: Pcm;
  readonly after: Pcm;
}

/** Begins a file; without `around`, silence lies there. Rejects as the file does. */
export const createSoundFile = (
  file: GrowingFile,
  { sampleRate, encoding }: Format,
  around?: Around,
): Promise<SoundFile> =>
  encoding.kind === "wav"
    ? createWavFile(file, { sampleRate, bits: encoding.bits })
    : createOpusFile(file, { kilobits: encoding.kilobits, around });
