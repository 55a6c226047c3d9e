/**
 * Drawing from logits without allocating: every function works in place on the first `count` values
 * of a scratch array.
 */

/** Turns logits into probabilities at a temperature. */
export function softmax(values: Float64Array, count: number, temperature: number): void {
  let highest = -Infinity;
  for (let i = 0; i < count; i += 1) highest = Math.max(highest, values[i] ?? 0);
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const weight = Math.exp(((values[i] ?? 0) - highest) / temperature);
    values[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < count; i += 1) values[i] = (values[i] ?? 0) / sum;
}

/** Index of the largest value. */
export function argmax(values: Float64Array, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i += 1) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/**
 * Draws an index from probabilities, among the most likely ones that together reach `topP`, with a
 * uniform number in [0, 1). Empties the array.
 */
export function drawNucleus(
  values: Float64Array,
  count: number,
  topP: number,
  uniform: number,
): number {
  // The nucleus is seldom more than a dozen of at most 121: taking maxima beats sorting.
  let kept = 0;
  let mass = 0;
  while (kept < count && mass < topP) {
    const best = argmax(values, count);
    const probability = values[best] ?? 0;
    if (probability <= 0) break;
    nucleusIndex[kept] = best;
    nucleusWeight[kept] = probability;
    values[best] = 0;
    mass += probability;
    kept += 1;
  }
  let rest = uniform * mass;
  for (let i = 0; i < kept; i += 1) {
    rest -= nucleusWeight[i] ?? 0;
    if (rest < 0) return nucleusIndex[i] ?? 0;
  }
  return nucleusIndex[Math.max(0, kept - 1)] ?? 0;
}

const nucleusIndex = new Int32Array(128);
const nucleusWeight = new Float64Array(128);

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** log(eᵃ + eᵇ). */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}
