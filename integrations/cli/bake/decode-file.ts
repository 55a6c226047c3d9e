import samplerate from "@alexanderolsen/libsamplerate-js";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { OggOpusDecoder } from "ogg-opus-decoder";
import wav from "node-wav";
import type { Seconds } from "../../../engine/time/units.ts";
import type { Pcm } from "./tape-voice.ts";

/** What came out of a decoder: one array for each channel. */
interface Decoded {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

/**
 * Decodes a WAV, Ogg Opus or Ogg Vorbis file to stereo at a rate; what is mono is on both sides. Rejects with an
 * `Error` that says why: another format, a damaged file, more than two channels, longer than `most`.
 */
export async function decodeFile(
  bytes: Uint8Array,
  { sampleRate, most }: { readonly sampleRate: number; readonly most: Seconds },
): Promise<Pcm> {
  const decode = DECODERS.find(({ isOf }) => isOf(textAt(bytes, 0, 64)))?.decode;
  if (decode === undefined) throw new Error("it is no WAV, Ogg Opus or Ogg Vorbis file");
  const { sampleRate: own, channels } = await decode(bytes);
  const [left, right = left] = channels;
  if (left === undefined || right === undefined || left.length === 0) {
    throw new Error("the file is damaged or empty");
  }
  if (channels.length > 2) {
    throw new Error(`it has ${channels.length} channels, expected one or two`);
  }
  const duration = left.length / own;
  if (duration > most) {
    throw new Error(`it lasts ${duration.toFixed(1)} s, expected at most ${most} s`);
  }
  const one = await atRate(left, own, sampleRate);
  return { left: one, right: right === left ? one : await atRate(right, own, sampleRate) };
}

/** By what a file begins with. */
const DECODERS: readonly {
  readonly isOf: (start: string) => boolean;
  readonly decode: (bytes: Uint8Array) => Decoded | Promise<Decoded>;
}[] = [
  { isOf: (start) => start.startsWith("RIFF") && start.slice(8, 12) === "WAVE", decode: wavOf },
  {
    isOf: (start) => start.startsWith("OggS") && start.includes("OpusHead"),
    decode: (bytes) => oggOf(new OggOpusDecoder(), bytes),
  },
  {
    isOf: (start) => start.startsWith("OggS") && start.includes("vorbis"),
    decode: (bytes) => oggOf(new OggVorbisDecoder(), bytes),
  },
];

const textAt = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString("latin1");

/** Of 8 to 32 bits, or floating point. */
function wavOf(bytes: Uint8Array): Decoded {
  const decoded: ReturnType<typeof wav.decode> | undefined = wav.decode(Buffer.from(bytes));
  if (decoded === undefined)
    throw new Error("it is a WAV file of no known format or too many channels");
  return { sampleRate: decoded.sampleRate, channels: decoded.channelData };
}

async function oggOf(
  decoder: OggOpusDecoder | OggVorbisDecoder,
  bytes: Uint8Array,
): Promise<Decoded> {
  await decoder.ready;
  const { channelData, sampleRate } = await decoder.decodeFile(bytes);
  decoder.free();
  return { sampleRate, channels: channelData };
}

/** The resampler keeps so much to itself at the end: silence takes its place. */
const KEPT = 2048;

async function atRate(
  samples: Float32Array,
  from: number,
  to: number,
): Promise<Float32Array<ArrayBuffer>> {
  if (from === to) return Float32Array.from(samples);
  const resampler = await samplerate.create(1, from, to, {
    converterType: samplerate.ConverterType.SRC_SINC_BEST_QUALITY,
  });
  const padded = new Float32Array(samples.length + KEPT);
  padded.set(samples);
  const resampled = resampler.simple(padded);
  resampler.destroy();
  return Float32Array.from(resampled.subarray(0, Math.round((samples.length * to) / from)));
}
