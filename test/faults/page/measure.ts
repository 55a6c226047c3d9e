import { clicks, longestSilence, type Step } from "../../helpers/pcm-measure.ts";
import { stretches, type Recording } from "../../helpers/recorder.ts";

/** A break of the waveform; `at` in seconds of the recording. */
interface Click {
  readonly at: number;
  readonly size: number;
  readonly ratio: number;
}

/** What a listener would have noticed of a fault. */
export interface Heard {
  /** The longest stretch below the floor, in seconds. */
  readonly gap: number;
  /** Where it begins, in seconds of the recording. */
  readonly gapAt: number;
  /** The worst break of the waveform against what surrounds it; 0 where none is a click by `clicks`. */
  readonly step: number;
  readonly clicks: readonly Click[];
  /** Seconds that were recorded, and those that the machine's audio thread lost: they are in no measure. */
  readonly length: number;
  readonly lost: number;
}

/** Clicks that a report lists. */
const SHOWN = 20;
/** A stretch of this length below the floor is allowed. Seconds. */
export const ALLOWED = 0.05;

const louder = (left: Float32Array, right: Float32Array): Float32Array =>
  left.map((sample, frame) => Math.max(Math.abs(sample), Math.abs(right[frame] ?? 0)));

/** Seconds within which a drum that is struck breaks the waveform more than once. */
const ATTACK = 0.002;
/** Frames: so near, it is one break. */
const ONE = 3;

/** Breaks that stand alone: a discontinuity leaves one, the attack of a small drum or a bell several in a row. */
const alone = (breaks: readonly Step[], sampleRate: number): readonly Step[] =>
  breaks.filter(({ frame }) =>
    breaks.every((other) => {
      const distance = Math.abs(other.frame - frame);
      return distance <= ONE || distance > ATTACK * sampleRate;
    }),
  );

/** Breaks of the wave in either channel, but for what the browser lost. */
export const clicksIn = (recording: Recording): readonly Click[] => {
  const { left, right, sampleRate } = recording;
  return stretches(recording, 0).flatMap(([from, to]) =>
    [left.subarray(from, to), right.subarray(from, to)]
      .flatMap((side) => alone(clicks(side), sampleRate))
      .map(({ frame, size, ratio }) => ({ at: (from + frame) / sampleRate, size, ratio })),
  );
};

/** Seconds that the browser's audio thread left out. */
export const lostIn = ({ gaps, sampleRate }: Recording): number =>
  gaps.reduce((sum, { length }) => sum + length, 0) / sampleRate;

/** Measures a recording against a floor in decibels of full scale. */
export function measure(recording: Recording, floor: number): Heard {
  const { left, right, sampleRate } = recording;
  let [gap, gapAt] = [0, 0];
  for (const [from, to] of stretches(recording, 0)) {
    const sides = [left.subarray(from, to), right.subarray(from, to)] as const;
    const silence = longestSilence(louder(...sides), sampleRate, floor);
    if (silence.duration > gap) {
      gap = silence.duration;
      gapAt = (from + silence.frame) / sampleRate;
    }
  }
  const found = clicksIn(recording);
  const lost = lostIn(recording);
  const step = Math.max(0, ...found.map(({ ratio }) => ratio));
  return {
    gap,
    gapAt,
    step,
    clicks: found.slice(0, SHOWN),
    length: left.length / sampleRate,
    lost,
  };
}

/** Below what it never stays for as long as is allowed, in decibels of full scale. */
export function floorOf(recording: Recording): number {
  const { left, right, sampleRate } = recording;
  const parts = stretches(recording, 0).map(([from, to]) =>
    louder(left.subarray(from, to), right.subarray(from, to)),
  );
  let [low, high] = [-90, 0];
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    const isHeld = parts.every(
      (part) => longestSilence(part, sampleRate, middle).duration < ALLOWED,
    );
    if (isHeld) low = middle;
    else high = middle;
  }
  return low;
}
