import type { Bank } from "../../engine/bank/bank.ts";
import { perStem } from "../../engine/music/stem.ts";
import { TICKS_PER_QUARTER } from "../../engine/time/units.ts";

/** One phrase of four bars in which every stem plays a note on every beat. */
export const smallBank: Bank = {
  model: "none",
  phrases: [
    {
      mode: "dorian",
      meter: "4/4",
      bars: 4,
      valence: 0,
      arousal: 0.5,
      chords: [1, 1, 50, 50, 1, 1, 50, 50],
      notes: perStem((stem) =>
        Array.from({ length: 16 }, (_, beat) => [
          beat * TICKS_PER_QUARTER,
          TICKS_PER_QUARTER,
          stem === "drums" ? 36 : 62,
          80,
        ]).flat(),
      ),
    },
  ],
};
