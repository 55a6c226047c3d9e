/** Memory of chunks, used again: fresh memory for each costs page faults here and collections in the game's thread. */
export interface Memory {
  /** So many samples, of any values. */
  samples(length: number): Float32Array<ArrayBuffer>;
  /** Nobody may read it any more. */
  giveBack(memory: readonly ArrayBuffer[]): void;
}

/** Sizes are multiples of this many samples, so that half bars of nearly one length share them. */
const STEP = 4096;
/** So many wait for the next chunk: those of two half bars of five stems. */
const MOST_FREE = 20;

export function createMemory(): Memory {
  let free: readonly ArrayBuffer[] = [];
  return {
    samples(length) {
      const bytes = Math.ceil(length / STEP) * STEP * Float32Array.BYTES_PER_ELEMENT;
      const found = free.find(({ byteLength }) => byteLength === bytes);
      if (found !== undefined) free = free.filter((memory) => memory !== found);
      return new Float32Array(found ?? new ArrayBuffer(bytes), 0, length);
    },
    giveBack(memory) {
      // The oldest goes: it may be of a tempo that is over.
      free = [...free, ...memory].slice(-MOST_FREE);
    },
  };
}
