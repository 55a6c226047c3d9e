/** Frames rendered at once: envelopes of samples move once a block, so longer blocks soften drum attacks. */
export const BLOCK_FRAMES = 128;

/** Who plays a note: all, or where a chord is shared by two sections, one of them; or those who pluck. */
export type Section = "all" | "upper" | "lower" | "plucked";

/** Where a section sits when they are `apart` (0–1): the upper one left, as violins do. -1 left – 1 right. */
export const placeOf = (section: Section, apart: number): number =>
  section === "upper" ? -apart : section === "lower" ? apart : 0;

/** What plays one voice of one take, sampled or synthesised. Left to the garbage collector. */
export interface Instrument {
  /** `velocity` is 1–127. */
  noteOn(pitch: number, velocity: number, section: Section): void;
  noteOff(pitch: number, section: Section): void;
  /** Adds at most `BLOCK_FRAMES` frames, dry, to the start of the arrays. */
  process(left: Float32Array, right: Float32Array, frames: number): void;
}
