/** First differences: they make the peak of a correlation narrow. */
const sharpened = (samples: Float32Array): Float32Array =>
  samples.map((sample, index) => sample - (samples[index - 1] ?? 0));

/**
 * By how many frames `heard` carries `expected` later than at index `margin`: the lag within ±margin
 * at which the two correlate best.
 */
export function bestLag(heard: Float32Array, expected: Float32Array, margin: number): number {
  const a = sharpened(heard.subarray(0, expected.length + 2 * margin));
  const b = sharpened(expected);
  let best = { lag: 0, value: -Infinity };
  for (let lag = -margin; lag <= margin; lag += 1) {
    let value = 0;
    for (let i = 1; i < b.length; i += 1) value += (a[i + margin + lag] ?? 0) * (b[i] ?? 0);
    if (value > best.value) best = { lag, value };
  }
  return best.lag;
}
