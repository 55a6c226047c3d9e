import { STEMS, type PerStem, type Stem } from "../music/stem.ts";
import { curveAt } from "../score/curve.ts";
import type { StemLevel } from "../score/score.ts";
import { unitInterval, type Seconds, type UnitInterval } from "../time/units.ts";
import { stemsOf } from "./bridge-stems.ts";
import type { LayerCue, SectionCue } from "./cue.ts";

/** A stem fades in over this much intensity around its threshold. */
const WIDTH = 0.16;
/** Level changes smaller than this wait, so that slow signals do not flood the cue list. */
const STEP = 0.02;

/**
 * The level that a stem has at an intensity: that of its curve, or smoothstep around its threshold; from 0
 * it is always heard.
 */
export function layerGain(level: StemLevel, intensity: number): UnitInterval {
  if (typeof level !== "number") return unitInterval(curveAt(level, intensity));
  if (level === 0) return unitInterval(1);
  const x = unitInterval((intensity - level) / WIDTH + 0.5);
  return unitInterval(x * x * (3 - 2 * x));
}

/** Cues for the stems of a section whose level has moved since `last`. */
export function layerCues(
  section: SectionCue,
  intensity: number,
  last: PerStem<UnitInterval | undefined>,
  at: Seconds,
  ramp: Seconds,
): readonly LayerCue[] {
  const stems = stemsOf(section);
  const { index } = section;
  const cue = (stem: Stem): readonly LayerCue[] => {
    const level = stems[stem];
    if (level === undefined) return [];
    const gain = layerGain(level, intensity);
    const before = last[stem];
    const settled = (gain === 0 || gain === 1) && gain !== before;
    const moved = before === undefined || settled || Math.abs(gain - before) >= STEP;
    return moved ? [{ kind: "layer", section: index, at, stem, gain, ramp }] : [];
  };
  return STEMS.flatMap(cue);
}
