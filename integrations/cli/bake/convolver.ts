import FFT from "fft.js";

/** Frames of a part of the impulse, and of a block of sound. */
export const CONVOLVER_BLOCK = 8192;

/**
 * Convolves a channel with an impulse, block by block. A stretch must be a whole number of `CONVOLVER_BLOCK`
 * frames; otherwise throws `RangeError`. Uniformly partitioned convolution in the frequency domain, by
 * overlap and add; Gardner, "Efficient convolution without input-output delay" (1995), section 2.
 */
export function createConvolver(impulse: Float32Array): (input: Float32Array) => Float32Array {
  const fft = new FFT(2 * CONVOLVER_BLOCK);
  const padded = new Float64Array(2 * CONVOLVER_BLOCK);
  const spectrum = (samples: Float32Array): Float64Array => {
    padded.fill(0);
    padded.set(samples);
    const out = new Float64Array(4 * CONVOLVER_BLOCK);
    fft.realTransform(out, padded);
    return out;
  };
  const parts = Array.from({ length: Math.ceil(impulse.length / CONVOLVER_BLOCK) }, (_, part) =>
    spectrum(impulse.subarray(part * CONVOLVER_BLOCK, (part + 1) * CONVOLVER_BLOCK)),
  );
  /** Spectra of the last blocks, the newest first; undefined where a block was silent. */
  let past: readonly (Float64Array | undefined)[] = [];
  let carried = new Float32Array(CONVOLVER_BLOCK);
  const sum = new Float64Array(4 * CONVOLVER_BLOCK);
  const time = new Float64Array(4 * CONVOLVER_BLOCK);

  const convolveBlock = (block: Float32Array, out: Float32Array): void => {
    const isSilent = block.every((sample) => sample === 0);
    past = [isSilent ? undefined : spectrum(block), ...past].slice(0, parts.length);
    out.set(carried);
    carried = new Float32Array(CONVOLVER_BLOCK);
    if (past.every((each) => each === undefined)) return;
    sum.fill(0);
    for (const [age, heard] of past.entries()) {
      const part = parts[age];
      if (heard !== undefined && part !== undefined) addProduct(sum, heard, part);
    }
    fft.completeSpectrum(sum);
    fft.inverseTransform(time, sum);
    for (let i = 0; i < CONVOLVER_BLOCK; i += 1) {
      out[i] = (out[i] ?? 0) + (time[2 * i] ?? 0);
      carried[i] = time[2 * (i + CONVOLVER_BLOCK)] ?? 0;
    }
  };

  return (input) => {
    if (input.length % CONVOLVER_BLOCK !== 0) {
      throw new RangeError(`a stretch is whole blocks of ${CONVOLVER_BLOCK}, got ${input.length}`);
    }
    const out = new Float32Array(input.length);
    for (let at = 0; at < input.length; at += CONVOLVER_BLOCK) {
      const end = at + CONVOLVER_BLOCK;
      convolveBlock(input.subarray(at, end), out.subarray(at, end));
    }
    return out;
  };
}

/** The lower half of a product of spectra of real sounds: real and imaginary parts in turn. */
function addProduct(sum: Float64Array, a: Float64Array, b: Float64Array): void {
  for (let i = 0; i <= 2 * CONVOLVER_BLOCK; i += 2) {
    const ar = a[i] ?? 0;
    const ai = a[i + 1] ?? 0;
    const br = b[i] ?? 0;
    const bi = b[i + 1] ?? 0;
    sum[i] = (sum[i] ?? 0) + ar * br - ai * bi;
    sum[i + 1] = (sum[i + 1] ?? 0) + ar * bi + ai * br;
  }
}
