import type { PhraseTake } from "../../engine/composer/take.ts";
import type { BarPlan } from "../../engine/music/bar-plan.ts";
import { perStem } from "../../engine/music/stem.ts";
import { bpm, midiPitch, ticks, unitInterval, velocity } from "../../engine/time/units.ts";

const bar = (position: number): BarPlan => ({
  meter: "4/4",
  tempo: bpm(60),
  key: { tonic: 2, mode: "dorian" },
  chords: [{ root: 2, quality: "min" }, undefined],
  role: "A",
  positionInPhrase: position,
  intensity: unitInterval(0.5),
  valence: -0.25,
  arousal: unitInterval(0.5),
  style: undefined,
  density: perStem((stem) => (stem === "drums" ? "free" : 2)),
});

/** A take of some bars in 4/4 with one note, which tells takes apart. */
export const takeOf = (bars = 4, pitch = 62): PhraseTake => ({
  source: "model",
  bars: Array.from({ length: bars }, (_, position) => bar(position)),
  notes: perStem((stem) =>
    stem === "melody"
      ? [{ at: ticks(7), duration: ticks(480), pitch: midiPitch(pitch), velocity: velocity(80) }]
      : [],
  ),
});
