import { sine } from "./arithmetic.ts";

export type Wave = "saw" | "pulse" | "triangle" | "sine";

/**
 * What is taken off a step of height 2 so that it does not alias, two frames wide. Välimäki and Huovilainen,
 * "Antialiasing oscillators in subtractive synthesis", IEEE Signal Processing Magazine 24 (2007): PolyBLEP.
 */
function roundedStep(phase: number, step: number): number {
  if (phase < step) {
    const after = phase / step - 1;
    return -after * after;
  }
  if (phase > 1 - step) {
    const before = (phase - 1) / step + 1;
    return before * before;
  }
  return 0;
}

const saw = (phase: number, step: number): number => 2 * phase - 1 - roundedStep(phase, step);

/** The same for a change of slope, from -4 to 4 in a cycle: the integral of the rounded step. */
function roundedCorner(phase: number, step: number): number {
  const near = 1 - (phase < 0.5 ? phase : 1 - phase) / step;
  return near <= 0 ? 0 : (4 * step * near * near * near) / 3;
}

/**
 * One sample between about -1 and 1, without offset. `phase` lies within 0–1, `step` is cycles per frame, less
 * than a half; `width` is the share of a cycle that a pulse is high, `bend` cycles by which a sine is bent.
 */
export function waveAt(
  wave: Wave,
  phase: number,
  step: number,
  width: number,
  bend: number,
): number {
  if (wave === "sine") return sine(phase + bend);
  if (wave === "saw") return saw(phase, step);
  if (wave === "triangle") {
    const other = phase < 0.5 ? phase + 0.5 : phase - 0.5;
    return 4 * Math.abs(phase - 0.5) - 1 - roundedCorner(phase, step) + roundedCorner(other, step);
  }
  const later = phase + width;
  return saw(phase, step) - saw(later < 1 ? later : later - 1, step);
}
