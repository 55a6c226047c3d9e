import { BEAT } from "./score.ts";

/** A chunk as the page hands it to Web Audio, in frames of the context. */
export interface Handed {
  readonly start: number;
  readonly length: number;
  readonly sampleRate: number;
}

/** What rings after a phrase lasts so many seconds. */
const TAIL = 1.5;
/** Chunks among which one that lies on the grid is looked for. */
const CANDIDATES = 40;

/** Watches every buffer that is given a time from now on; returns what was seen. */
export function watchSources(): readonly Handed[] {
  const seen: Handed[] = [];
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function watched(when = 0, ...rest: number[]): void {
    const { sampleRate } = this.context;
    const length = this.buffer?.length ?? 0;
    seen.push({ start: Math.round(when * sampleRate), length, sampleRate });
    start.call(this, when, ...rest);
  };
  return seen;
}

/**
 * The largest distance of a chunk from the grid of beats, in frames: of its start, or of its end where its
 * beginning was cut off as it came late. The grid is the one on which most of the first chunks begin.
 */
export function worstSeam(handed: readonly Handed[]): number {
  const first = handed.slice(0, CANDIDATES);
  const offsets = first.map(({ start }) => errorsFrom(start, handed));
  const onGrid = (errors: readonly number[]): number => errors.filter((error) => error <= 1).length;
  const best = offsets.toSorted((a, b) => onGrid(b) - onGrid(a))[0] ?? [];
  return Math.max(0, ...best);
}

function errorsFrom(origin: number, handed: readonly Handed[]): readonly number[] {
  return handed.map(({ start, length, sampleRate }) => {
    const beat = BEAT * sampleRate;
    const ends = start + length;
    const edges = [start, ends, ends - Math.round(TAIL * sampleRate)];
    return Math.min(
      ...edges.map((frame) => {
        const beats = (frame - origin) / beat;
        return Math.abs(beats - Math.round(beats)) * beat;
      }),
    );
  });
}
