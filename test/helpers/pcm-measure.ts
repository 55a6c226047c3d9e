/**
 * Measures of PCM for tests: pure functions of one channel of samples in [-1, 1].
 */

/** A run of samples below a floor. */
export interface Silence {
  readonly frame: number;
  /** Seconds. */
  readonly duration: number;
}

/** A sample that its neighbours do not explain. */
export interface Step {
  /** Where the waveform breaks; -1 when there is nothing to measure. */
  readonly frame: number;
  /** Height of the break, linear. */
  readonly size: number;
  /** The break against the local median of second differences; Gaussian noise stays below 12. */
  readonly ratio: number;
}

export interface StepOptions {
  /** Breaks below this height are ignored. Default 0.003 (-50 dB). */
  readonly floor?: number;
  /** Ratio from which a break counts as a click. Default 16. */
  readonly ratio?: number;
}

/** The largest magnitude. */
export function peak(samples: Float32Array): number {
  let largest = 0;
  for (const sample of samples) largest = Math.max(largest, Math.abs(sample));
  return largest;
}

/** Root mean square; 0 for no samples. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** Decibels of a linear level; -Infinity for 0. */
export const toDecibels = (level: number): number => 20 * Math.log10(level);

/** The largest magnitude of `a - b`, over the length of `a`. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  return peak(a.map((sample, frame) => sample - (b[frame] ?? 0)));
}

/** The largest change from one sample to the next. */
export function largestStep(samples: Float32Array): number {
  return largestDifference(samples.subarray(1), samples);
}

const TAPS = 32;

/** One fraction of a Hann-windowed sinc interpolator, scaled to unit gain at DC. */
function interpolator(fraction: number): Float64Array {
  const taps = new Float64Array(TAPS);
  let sum = 0;
  for (let tap = 0; tap < TAPS; tap += 1) {
    const x = tap - (TAPS / 2 - 1) - fraction;
    const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * x) / TAPS);
    taps[tap] = (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
    sum += taps[tap] ?? 0;
  }
  return taps.map((tap) => tap / sum);
}

/**
 * The largest magnitude of the reconstructed wave, by fourfold oversampling (the method of
 * ITU-R BS.1770-5 annex 2, with 32 taps for each phase instead of 12).
 */
export function truePeak(samples: Float32Array): number {
  let largest = peak(samples);
  for (const fraction of [0.25, 0.5, 0.75]) {
    const taps = interpolator(fraction);
    for (let start = 0; start + TAPS <= samples.length; start += 1) {
      let value = 0;
      for (let tap = 0; tap < TAPS; tap += 1) {
        value += (taps[tap] ?? 0) * (samples[start + tap] ?? 0);
      }
      largest = Math.max(largest, Math.abs(value));
    }
  }
  return largest;
}

/** The longest run of samples whose magnitude stays below `floorDb` decibels of full scale. */
export function longestSilence(
  samples: Float32Array,
  sampleRate: number,
  floorDb: number,
): Silence {
  const floor = 10 ** (floorDb / 20);
  let longest = { frame: 0, length: 0 };
  let start = 0;
  for (let frame = 0; frame <= samples.length; frame += 1) {
    if (frame < samples.length && Math.abs(samples[frame] ?? 0) < floor) continue;
    if (frame - start > longest.length) longest = { frame: start, length: frame - start };
    start = frame + 1;
  }
  return { frame: longest.frame, duration: longest.length / sampleRate };
}

/** Frames on each side that say what is normal, and those next to the break that do not count. */
const WINDOW = 96;
const GUARD = 4;

function secondDifferences(samples: Float32Array): Float32Array {
  const result = new Float32Array(samples.length);
  for (let i = 1; i + 1 < samples.length; i += 1) {
    result[i] = (samples[i + 1] ?? 0) - 2 * (samples[i] ?? 0) + (samples[i - 1] ?? 0);
  }
  return result;
}

function medianSize(values: Float32Array): number {
  return values.map(Math.abs).sort()[values.length >> 1] ?? 0;
}

/** As `medianSize(values) > limit`, for the many places where that is so; sorting is slow. */
function isMedianAbove(values: Float32Array, limit: number): boolean {
  let left = (values.length >> 1) + 1;
  for (const value of values) {
    if (Math.abs(value) <= limit) left -= 1;
    if (left === 0) return false;
  }
  return values.length > 0;
}

/**
 * Breaks of the waveform, largest ratio first. A step leaves two second differences of opposite sign
 * side by side, both as large as the step; a kink (a drum struck from silence) leaves only one, and
 * is not a break. A step stands alone: it is far above the median before it *and* after it, where a
 * drum's noise is of a size with what follows. A click inside noise as loud as itself is not found.
 */
function breaks(samples: Float32Array, floor: number, ratio: number): Step[] {
  const bends = secondDifferences(samples);
  const sizeAt = (i: number): number => {
    const [here, next] = [bends[i] ?? 0, bends[i + 1] ?? 0];
    return here * next < 0 ? Math.min(Math.abs(here), Math.abs(next)) : 0;
  };
  const found: Step[] = [];
  for (let i = 1; i + 1 < bends.length; i += 1) {
    const size = sizeAt(i);
    if (size === 0 || size < floor || size < sizeAt(i - 1) || size < sizeAt(i + 1)) continue;
    const edge = Math.max(0, i - GUARD);
    const near = bends.subarray(Math.max(0, edge - WINDOW), edge);
    if (isMedianAbove(near, size / ratio)) continue;
    const before = medianSize(near);
    const after = medianSize(bends.subarray(i + GUARD + 2, i + GUARD + 2 + WINDOW));
    const measured = size / Math.max(before, after, 1e-6);
    if (measured >= ratio) found.push({ frame: i + 1, size, ratio: measured });
  }
  return found.sort((a, b) => b.ratio - a.ratio);
}

/** Every click, the worst first. */
export function clicks(samples: Float32Array, options: StepOptions = {}): readonly Step[] {
  return breaks(samples, options.floor ?? 0.003, options.ratio ?? 16);
}

/** The worst break, a click or not. */
export function worstStep(samples: Float32Array): Step {
  return breaks(samples, 0, 1)[0] ?? { frame: -1, size: 0, ratio: 0 };
}
