/** A stereo WAV file of 16 or 24 bits. Throws `RangeError` for any other. */
export function readWav(bytes: Buffer): {
  readonly sampleRate: number;
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
} {
  const bits = bytes.readUInt16LE(34);
  const isKnown = bytes.toString("latin1", 0, 4) === "RIFF" && (bits === 16 || bits === 24);
  const length = bytes.readUInt32LE(40);
  if (!isKnown || bytes.readUInt16LE(22) !== 2 || bytes.length !== 44 + length) {
    throw new RangeError("no whole stereo WAV file of 16 or 24 bits");
  }
  const size = bits / 8;
  const channel = (index: number): Float32Array<ArrayBuffer> =>
    Float32Array.from(
      { length: length / (2 * size) },
      (_, frame) => bytes.readIntLE(44 + (2 * frame + index) * size, size) / (2 ** (bits - 1) - 1),
    );
  return { sampleRate: bytes.readUInt32LE(24), left: channel(0), right: channel(1) };
}

export const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
