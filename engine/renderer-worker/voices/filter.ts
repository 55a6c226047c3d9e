import { tangent } from "./arithmetic.ts";

/** Two poles with a low and a high output, safe to move while it sounds. */
export interface Filter {
  /** Hertz, limited to two fifths of the sample rate; `damping` is 1 / Q, 2 without resonance. */
  tune(cutoff: number, damping: number): void;
  /** Lets the low or the high part of the first `count` samples pass, in place. */
  run(samples: Float64Array, count: number, part: "low" | "high"): void;
  reset(): void;
}

/** Andrew Simper, "Linear trapezoidal integrated state variable filter" (Cytomic, 2013). */
export function createFilter(sampleRate: number): Filter {
  const set = { damping: 2, a1: 0, a2: 0, a3: 0 };
  const state = { first: 0, second: 0 };
  return {
    tune(cutoff, damping) {
      const g = tangent((Math.PI * Math.min(cutoff, 0.4 * sampleRate)) / sampleRate);
      set.damping = damping;
      set.a1 = 1 / (1 + g * (g + damping));
      set.a2 = g * set.a1;
      set.a3 = g * set.a2;
    },
    run(samples, count, part) {
      const { damping, a1, a2, a3 } = set;
      const isHigh = part === "high";
      let { first, second } = state;
      for (let i = 0; i < count; i += 1) {
        const sample = samples[i] ?? 0;
        const rest = sample - second;
        const band = a1 * first + a2 * rest;
        const low = second + a2 * first + a3 * rest;
        first = 2 * band - first;
        second = 2 * low - second;
        samples[i] = isHigh ? sample - damping * band - low : low;
      }
      state.first = first;
      state.second = second;
    },
    reset() {
      state.first = 0;
      state.second = 0;
    },
  };
}
