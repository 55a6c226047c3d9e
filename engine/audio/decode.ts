import type { Seconds } from "../time/units.ts";
import type { Chunk } from "./chunk-source.ts";

/**
 * Decodes an audio file to stereo at the context's rate; what is mono is on both sides. Works while the
 * context is suspended. Rejects with an `Error` that says why where the browser cannot decode it, where
 * it has more than two channels, and where it is longer than `most`.
 */
export async function decodeAudio(
  context: BaseAudioContext,
  bytes: Uint8Array,
  most: Seconds,
): Promise<Chunk> {
  // Decoding takes its buffer away, and these bytes may be a part of another one.
  const buffer = await context.decodeAudioData(bytes.slice().buffer).catch(() => {
    throw new Error(`this browser can decode no audio in its ${bytes.length} bytes`);
  });
  const { numberOfChannels: channels, duration } = buffer;
  if (channels > 2) throw new Error(`it has ${channels} channels, expected one or two`);
  if (duration > most) {
    throw new Error(`it lasts ${duration.toFixed(1)} s, expected at most ${most} s`);
  }
  return { left: buffer.getChannelData(0), right: buffer.getChannelData(channels - 1) };
}
