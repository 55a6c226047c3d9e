import type { Key } from "../music/key.ts";
import { correlation } from "./correlation.ts";

/**
 * How well each degree of the chromatic scale fits a major and a minor key: the probe-tone ratings of
 * Krumhansl & Kessler, "Tracing the dynamic changes in perceived tonal organization in a spatial
 * representation of musical keys", Psychological Review 89 (1982), 334–368.
 */
const PROFILES = {
  ionian: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  aeolian: [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** The modes that are told apart by ear here: major and minor. */
type HeardKey = Key & { readonly mode: keyof typeof PROFILES };

/** The key whose profile correlates best with how long each of the twelve pitch classes sounds. */
export function estimateKey(weights: readonly number[]): Key {
  const keys = (["ionian", "aeolian"] as const).flatMap((mode) =>
    Array.from({ length: 12 }, (_, tonic): HeardKey => ({ tonic, mode })),
  );
  const [best = { tonic: 0, mode: "ionian" }] = keys.toSorted(
    (a, b) => keyFit(weights, b) - keyFit(weights, a),
  );
  return best;
}

/** How well pitch classes fit a key, -1 – 1. */
export const keyFit = (weights: readonly number[], { tonic, mode }: HeardKey): number =>
  correlation(
    PROFILES[mode],
    PROFILES[mode].map((_, degree) => weights[(tonic + degree) % 12] ?? 0),
  );
