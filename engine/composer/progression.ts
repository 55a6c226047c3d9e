import type { Chord } from "../music/chord.ts";
import { diatonicTriad } from "../music/harmony.ts";
import type { Mode } from "../music/key.ts";
import { pickAt } from "../music/random.ts";

/**
 * Four-bar progressions as scale degrees (0 is the tonic), chosen so that each mode shows the degree
 * that makes it itself: the raised sixth of dorian, the flat second of phrygian, and so on. Those of
 * `close` return to the tonic, those of `open` stop before it.
 */
const PROGRESSIONS: Readonly<Record<Mode, { close: Degrees; open: Degrees }>> = {
  ionian: {
    close: [
      [0, 4, 5, 3],
      [0, 3, 4, 0],
      [0, 5, 3, 4],
      [0, 2, 3, 4],
    ],
    open: [
      [3, 0, 3, 4],
      [5, 3, 1, 4],
      [1, 4, 5, 4],
    ],
  },
  dorian: {
    close: [
      [0, 3, 0, 3],
      [0, 6, 3, 0],
      [0, 2, 3, 0],
      [0, 3, 6, 0],
    ],
    open: [
      [2, 6, 3, 4],
      [6, 3, 2, 4],
      [3, 2, 6, 4],
    ],
  },
  phrygian: {
    close: [
      [0, 1, 0, 1],
      [0, 1, 2, 1],
      [0, 6, 1, 0],
    ],
    open: [
      [5, 1, 2, 1],
      [3, 5, 1, 1],
    ],
  },
  lydian: {
    close: [
      [0, 1, 0, 1],
      [0, 4, 1, 0],
      [0, 1, 4, 0],
    ],
    open: [
      [5, 1, 4, 1],
      [2, 1, 5, 4],
    ],
  },
  mixolydian: {
    close: [
      [0, 6, 3, 0],
      [0, 3, 6, 0],
      [0, 4, 6, 3],
    ],
    open: [
      [3, 6, 5, 4],
      [6, 3, 1, 4],
    ],
  },
  aeolian: {
    close: [
      [0, 5, 2, 6],
      [0, 6, 5, 6],
      [0, 3, 5, 0],
      [0, 5, 3, 4],
    ],
    open: [
      [5, 6, 3, 4],
      [3, 5, 2, 4],
      [2, 6, 5, 4],
    ],
  },
  locrian: {
    close: [
      [0, 5, 0, 4],
      [0, 2, 5, 0],
    ],
    open: [
      [4, 5, 2, 1],
      [2, 5, 4, 1],
    ],
  },
};

type Degrees = readonly (readonly number[])[];

/** One chord a bar. Longer phrases go round again; the last bar of an open one waits on the dominant side. */
export function progressionFor(
  mode: Mode,
  cadence: "close" | "open",
  bars: number,
  seed: number,
): readonly Chord[] {
  const degrees = pickAt(PROGRESSIONS[mode][cadence], seed, "progression");
  return Array.from({ length: bars }, (_, bar) =>
    diatonicTriad(mode, degrees[bar % degrees.length] ?? 0),
  );
}
