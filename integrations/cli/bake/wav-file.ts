import type { GrowingFile } from "./growing-file.ts";
import type { SoundFile } from "./sound-file.ts";
import type { Pcm } from "./tape-voice.ts";

/** Bits of a sample. 24 keeps what 16 would round away in quiet stems. */
export type BitDepth = 16 | 24;

const HEADER = 44;
/** RIFF counts bytes in 32 bits. */
const MOST_BYTES = 2 ** 32 - 1 - HEADER;

/** Begins a stereo WAV file. Rejects as the file does. */
export async function createWavFile(
  file: GrowingFile,
  { sampleRate, bits }: { readonly sampleRate: number; readonly bits: BitDepth },
): Promise<SoundFile> {
  let bytes = 0;
  await file.append(header(0, sampleRate, bits));
  return {
    async write(pcm) {
      const data = interleaved(pcm, bits);
      bytes += data.length;
      if (bytes > MOST_BYTES) throw new RangeError("a WAV file holds at most 4 GB");
      await file.append(data);
    },
    async end() {
      await file.replaceHead(header(bytes, sampleRate, bits));
      await file.close();
    },
  };
}

/** Rounded to the nearest step, halves away from zero, without dither: the same samples, the same bytes. */
function interleaved({ left, right }: Pcm, bits: BitDepth): Buffer {
  const size = bits / 8;
  const full = 2 ** (bits - 1) - 1;
  const data = Buffer.alloc(left.length * 2 * size);
  for (let frame = 0; frame < left.length; frame += 1) {
    const at = frame * 2 * size;
    data.writeIntLE(quantised(left[frame] ?? 0, full), at, size);
    data.writeIntLE(quantised(right[frame] ?? 0, full), at + size, size);
  }
  return data;
}

const quantised = (sample: number, full: number): number =>
  Math.round(Math.max(-1, Math.min(1, sample)) * full);

function header(bytes: number, sampleRate: number, bits: BitDepth): Buffer {
  const frameBytes = (bits / 8) * 2;
  const data = Buffer.alloc(HEADER);
  data.write("RIFF", 0);
  data.writeUInt32LE(HEADER - 8 + bytes, 4);
  data.write("WAVEfmt ", 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(2, 22);
  data.writeUInt32LE(sampleRate, 24);
  data.writeUInt32LE(sampleRate * frameBytes, 28);
  data.writeUInt16LE(frameBytes, 32);
  data.writeUInt16LE(bits, 34);
  data.write("data", 36);
  data.writeUInt32LE(bytes, 40);
  return data;
}
