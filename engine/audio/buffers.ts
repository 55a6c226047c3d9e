import type { Context } from "tone";

/** Stereo buffers that are used again: a fresh one costs the main thread page faults and collections. */
export interface Buffers {
  /** At least `length` frames; what a borrower does not write holds what was there before. */
  borrow(length: number): AudioBuffer;
  /** No source may still read it. */
  giveBack(buffer: AudioBuffer): void;
}

/** Sizes are multiples of this many frames, so that bars of nearly one length share them. */
const STEP = 4096;
/** So many wait for the next chunk: more than a change of moods frees at once, 6 MB of half bars. */
const MOST_FREE = 16;

export function createBuffers(tone: Context): Buffers {
  let free: readonly AudioBuffer[] = [];
  return {
    borrow(length) {
      const size = Math.ceil(length / STEP) * STEP;
      const found = free.find((buffer) => buffer.length === size);
      if (found === undefined) return tone.createBuffer(2, size, tone.sampleRate);
      free = free.filter((buffer) => buffer !== found);
      return found;
    },
    giveBack(buffer) {
      // The oldest goes: it may be of a tempo that is over.
      free = [...free, buffer].slice(-MOST_FREE);
    },
  };
}
