import { randomAt } from "../music/random.ts";
import { seconds, type Seconds } from "../time/units.ts";

export interface ImpulseOptions {
  readonly sampleRate: number;
  readonly seed: number;
  /** Time in which the tail falls by 60 dB. */
  readonly decay: Seconds;
}

/** The room of every soundtrack. */
export const ROOM: Omit<ImpulseOptions, "sampleRate"> = { seed: 250, decay: seconds(1.6) };
/** Silence before the tail, so that attacks stay clear. */
const PRE_DELAY_SECONDS = 0.012;
const HIGH_PASS_HERTZ = 250;
const LOW_PASS_HERTZ = 6_000;

/**
 * A room: the two channels of a stereo impulse, independent noise that decays exponentially.
 * High-passed at 250 Hz against mud and softened above 6 kHz as air does. Each channel has unit
 * energy, so that noise comes out as loud as it went in. Same options, same samples.
 */
export function makeImpulse(
  options: ImpulseOptions,
): readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  return [makeChannel(options, 0), makeChannel(options, 1)];
}

function makeChannel(options: ImpulseOptions, channel: number): Float32Array<ArrayBuffer> {
  const { sampleRate, seed, decay } = options;
  const start = Math.round(PRE_DELAY_SECONDS * sampleRate);
  const samples = new Float32Array(start + Math.ceil(decay * sampleRate));
  const highPass = createHighPass(HIGH_PASS_HERTZ / sampleRate);
  const softening = 1 - Math.exp((-2 * Math.PI * LOW_PASS_HERTZ) / sampleRate);
  const fall = 10 ** (-3 / (decay * sampleRate));
  let level = 1;
  let soft = 0;
  let energy = 0;
  for (let frame = start; frame < samples.length; frame += 1) {
    const noise = 2 * randomAt(seed + channel, frame) - 1;
    soft += softening * (highPass(noise * level) - soft);
    samples[frame] = soft;
    energy += soft * soft;
    level *= fall;
  }
  const gain = 1 / Math.sqrt(energy);
  return samples.map((sample) => sample * gain);
}

/** Second-order Butterworth high-pass; coefficients from Bristow-Johnson's Audio EQ Cookbook. */
function createHighPass(cyclesPerSample: number): (sample: number) => number {
  const angle = 2 * Math.PI * cyclesPerSample;
  const cosine = Math.cos(angle);
  const alpha = Math.sin(angle) / Math.SQRT2;
  const edge = (1 + cosine) / 2 / (1 + alpha);
  const [feedback1, feedback2] = [(2 * cosine) / (1 + alpha), (alpha - 1) / (1 + alpha)];
  let [in1, in2, out1, out2] = [0, 0, 0, 0];
  return (sample) => {
    const out = edge * (sample - 2 * in1 + in2) + feedback1 * out1 + feedback2 * out2;
    [in2, in1, out2, out1] = [in1, sample, out1, out];
    return out;
  };
}
