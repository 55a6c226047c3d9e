/**
 * What voices calculate with: sums, products, quotients and square roots alone. The standard fixes their last
 * bit, which it leaves open for sines and powers, so voices have the same samples in every engine.
 */

/** Sine of a phase in cycles, off by at most 4e-6: the Taylor series on a quarter of a cycle. */
export function sine(phase: number): number {
  const cycle = phase - Math.floor(phase);
  // Quarters from -1 to 1, folded at the crests.
  const quarters = cycle < 0.25 ? 4 * cycle : cycle < 0.75 ? 2 - 4 * cycle : 4 * cycle - 4;
  const square = quarters * quarters;
  return (
    quarters *
    (1.570796326795 +
      square *
        (-0.645964097506 +
          square * (0.079692626246 + square * (-0.004681754135 + square * 0.000160441184))))
  );
}

/** Tangent within 0–1.4 radians, off by less than 0.2 %: the Padé approximant [5/4]. */
export function tangent(angle: number): number {
  const square = angle * angle;
  return (angle * (945 - square * (105 - square))) / (945 - square * (420 - 15 * square));
}

const SEMITONE = 1.0594630943592953;
const OF_PITCH: readonly number[] = Array.from({ length: 128 }).reduce<readonly number[]>(
  (below, _, pitch) => [
    ...below,
    pitch === 0 ? 8.175798915643707 : (below[pitch - 1] ?? 0) * SEMITONE,
  ],
  [],
);

/** Hertz of a MIDI pitch, equal temperament, A4 = 440 Hz. */
export const hertzOf = (pitch: number): number => OF_PITCH[pitch] ?? 440;

/** The share of a distance that an exponential approach covers in each frame; after `seconds` 63 % are covered. */
export const approach = (seconds: number, sampleRate: number): number =>
  1 / (1 + seconds * sampleRate);
