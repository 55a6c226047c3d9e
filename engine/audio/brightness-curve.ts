/** Where the low-pass of a place stands at brightness 0. Its frequency stays there and its detune moves. */
export const DARKEST_HERTZ = 300;
const BRIGHTEST_HERTZ = 20_000;
/** A Q of 0.707, the steepest without a peak; Web Audio counts the Q of a low-pass in decibels. */
export const BUTTERWORTH_DB: number = 20 * Math.log10(Math.SQRT1_2);

const centsOf = (hertz: number): number => 1200 * Math.log2(hertz / DARKEST_HERTZ);

/** Just beyond half the sample rate, where a low-pass is the identity by the Web Audio specification. */
export const openDetune = (sampleRate: number): number => centsOf(sampleRate / 2) + 1;

/**
 * Cents above `DARKEST_HERTZ` for a brightness within [0, 1]: 300 Hz * (20000 / 300) ** brightness, even in
 * octaves. 1 is open: 20 kHz at 44.1 kHz would still turn phases, and what is not coloured stays as it was.
 */
export const detuneOf = (brightness: number, sampleRate: number): number =>
  brightness === 1 ? openDetune(sampleRate) : brightness * centsOf(BRIGHTEST_HERTZ);
