import { clicks, type Step } from "../helpers/pcm-measure.ts";

/** Seconds around a click in which nothing else breaks. */
const ALONE = 0.04;
/** A break that is so many times as large as the wave usually bends is looked at as a neighbour; a click has 16. */
const NEIGHBOUR = 6;
/** Clicks have at least this height (-50 dB). */
const LEAST = 0.003;

/**
 * Clicks of one channel that stand alone: no other break of the wave near them is more than half as large.
 * Pulses, saws and the held noise of old chips break in every cycle, a click's height or just below it: that is
 * their sound.
 */
export function lonelyClicks(samples: Float32Array, sampleRate: number): readonly Step[] {
  const found = clicks(samples, { floor: LEAST });
  if (found.length === 0) return [];
  const alone = ALONE * sampleRate;
  const all = clicks(samples, { floor: LEAST / 2, ratio: NEIGHBOUR }).toSorted(
    (a, b) => a.frame - b.frame,
  );
  let first = 0;
  return found
    .toSorted((a, b) => a.frame - b.frame)
    .filter(({ frame, size }) => {
      while ((all[first]?.frame ?? Infinity) < frame - alone) first += 1;
      for (let at = first; (all[at]?.frame ?? Infinity) <= frame + alone; at += 1) {
        const other = all[at];
        if (other !== undefined && other.frame !== frame && other.size > size / 2) return false;
      }
      return true;
    });
}
