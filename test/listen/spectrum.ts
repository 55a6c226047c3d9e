import FFT from "fft.js";
import type { Pcm } from "../../integrations/cli/bake/tape-voice.ts";

/** Frames of a window, a Hann window, which overlaps by half. */
const SIZE = 4096;
const HOP = SIZE / 2;

/** Power of the two channels together, window by window and bin by bin; bins are `sampleRate / 4096` wide. */
export function* powerSpectra({ left, right }: Pcm): Generator<Float64Array> {
  const fft = new FFT(SIZE);
  const window = Float64Array.from(
    { length: SIZE },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE),
  );
  const input = new Float64Array(SIZE);
  const output = new Float64Array(2 * SIZE);
  for (let from = 0; from + SIZE <= left.length; from += HOP) {
    const power = new Float64Array(SIZE / 2);
    for (const channel of [left, right]) {
      for (let i = 0; i < SIZE; i += 1) input[i] = (channel[from + i] ?? 0) * (window[i] ?? 0);
      fft.realTransform(output, input);
      for (let bin = 0; bin < SIZE / 2; bin += 1) {
        power[bin] =
          (power[bin] ?? 0) + (output[2 * bin] ?? 0) ** 2 + (output[2 * bin + 1] ?? 0) ** 2;
      }
    }
    yield power;
  }
}

/** Sums of a spectrum between edges in hertz, one less than there are edges. */
export function bandsOf(
  power: Float64Array,
  edges: readonly number[],
  sampleRate: number,
): readonly number[] {
  const binOf = (hertz: number): number => Math.round((hertz * SIZE) / sampleRate);
  return edges.slice(1).map((edge, band) => {
    let sum = 0;
    const to = Math.min(power.length, binOf(edge));
    for (let bin = binOf(edges[band] ?? 0); bin < to; bin += 1) sum += power[bin] ?? 0;
    return sum;
  });
}

/** Hertz: what an ear takes together, as wide as Glasberg and Moore (1990) found, from 40 Hz to 16 kHz. */
export const EAR_BANDS: readonly number[] = earBands();

function earBands(): readonly number[] {
  const edges = [40];
  for (let hertz = 40; hertz < 16_000;) {
    // A bin is 11 Hz wide: narrower bands would hold none.
    hertz += Math.max(22, 24.7 * (4.37 * (hertz / 1000) + 1));
    edges.push(hertz);
  }
  return edges;
}
