/**
 * Loudness by ITU-R BS.1770-5: K-weighting, blocks of 400 ms that overlap by three quarters, gated at -70 LUFS
 * and 10 LU below the mean of what is left. For the commands that set gains, and for tests.
 */

interface Coefficients {
  readonly forward: readonly [number, number, number];
  readonly back: readonly [number, number];
}

/**
 * The two filters for any rate: a shelf of 4 dB above 1.7 kHz for the head, and a high-pass at 38 Hz. The
 * standard gives coefficients for 48 kHz alone; these are the analogue filters behind them (Brecht De Man,
 * "Evaluation of implementations of the EBU R128 loudness measurement", AES 145, 2018).
 */
function weighting(sampleRate: number): readonly Coefficients[] {
  const shelf = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const high = 10 ** (3.999843853973347 / 20);
  const middle = high ** 0.4996667741545416;
  const shelfQ = 0.7071752369554196;
  const shelfSum = 1 + shelf / shelfQ + shelf * shelf;
  const pass = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const passQ = 0.5003270373238773;
  const passSum = 1 + pass / passQ + pass * pass;
  return [
    {
      forward: [
        (high + (middle * shelf) / shelfQ + shelf * shelf) / shelfSum,
        (2 * (shelf * shelf - high)) / shelfSum,
        (high - (middle * shelf) / shelfQ + shelf * shelf) / shelfSum,
      ],
      back: [(2 * (shelf * shelf - 1)) / shelfSum, (1 - shelf / shelfQ + shelf * shelf) / shelfSum],
    },
    {
      forward: [1, -2, 1],
      back: [(2 * (pass * pass - 1)) / passSum, (1 - pass / passQ + pass * pass) / passSum],
    },
  ];
}

function filtered(samples: Float64Array, { forward, back }: Coefficients): Float64Array {
  const [b0, b1, b2] = forward;
  const [a1, a2] = back;
  let [in1, in2, out1, out2] = [0, 0, 0, 0];
  return samples.map((sample) => {
    const out = b0 * sample + b1 * in1 + b2 * in2 - a1 * out1 - a2 * out2;
    [in2, in1, out2, out1] = [in1, sample, out1, out];
    return out;
  });
}

const decibelsOf = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const weightedOf = (
  channels: readonly Float32Array[],
  sampleRate: number,
): readonly Float64Array[] =>
  channels.map((channel) =>
    weighting(sampleRate).reduce<Float64Array>(filtered, Float64Array.from(channel)),
  );

/** K-weighted power of channels that count equally, from beginning to end and without gates; linear. */
export const powerOf = (channels: readonly Float32Array[], sampleRate: number): number =>
  weightedOf(channels, sampleRate).reduce(
    (sum, channel) => sum + channel.reduce((all, sample) => all + sample * sample, 0),
    0,
  ) / Math.max(1, channels[0]?.length ?? 0);

/** Integrated loudness in LUFS of channels that count equally, such as left and right; -Infinity for silence. */
export function loudnessOf(channels: readonly Float32Array[], sampleRate: number): number {
  const weighted = weightedOf(channels, sampleRate);
  const quarter = Math.round(sampleRate / 10);
  const length = Math.min(...weighted.map((channel) => channel.length));
  const powers: number[] = [];
  for (let start = 0; start + quarter <= length; start += quarter) {
    let power = 0;
    for (const channel of weighted) {
      for (let i = start; i < start + quarter; i += 1) power += (channel[i] ?? 0) ** 2 / quarter;
    }
    powers.push(power);
  }
  const blocks = powers.slice(0, -3).map((_, nth) => mean(powers.slice(nth, nth + 4)));
  const heard = blocks.filter((power) => decibelsOf(power) > -70);
  if (heard.length === 0) return -Infinity;
  const floor = decibelsOf(mean(heard)) - 10;
  return decibelsOf(mean(heard.filter((power) => decibelsOf(power) > floor)));
}
