/** Frames rendered at once: envelopes of samples move once a block, so longer blocks soften drum attacks. */
export const BLOCK_FRAMES = 128;

/** What plays one voice of one take, sampled or synthesised. Left to the garbage collector. */
export interface Instrument {
  /** `velocity` is 1–127. */
  noteOn(pitch: number, velocity: number): void;
  noteOff(pitch: number): void;
  /** Adds at most `BLOCK_FRAMES` frames, dry, to the start of the arrays. */
  process(left: Float32Array, right: Float32Array, frames: number): void;
}
