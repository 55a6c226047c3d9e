import { frames, seconds, type Frames, type Seconds } from "../time/units.ts";

/** The audio clock in whole frames: what is decided here falls on one sample in every browser. */
export interface FrameClock {
  readonly sampleRate: number;
  now(): Seconds;
  /** The nearest whole frame. */
  frameAt(time: Seconds): Frames;
  /** A length in frames, at least 0. */
  framesOf(length: Seconds): Frames;
  /** When a source must start so that its first sample is `frame`, without interpolation. */
  sourceTime(frame: Frames): Seconds;
  /**
   * When a parameter must change so that `frame` is the first to feel it: half a frame early, as
   * `frame / sampleRate` may round to a hair after the frame (8 % of all chunks would lose
   * their first sample).
   */
  paramTime(frame: Frames): Seconds;
  /** The first frame that a call made now can still shape. */
  firstOpenFrame(): Frames;
}

/** The shortest fade that hides a break: 5 ms. */
export const DECLICK: Seconds = seconds(0.005);
/** Time for a call to reach the rendering thread, beyond the block that it is working on. */
const REACTION_SECONDS = 0.01;

/**
 * The clock of a context. A live context renders `baseLatency` at a time, so that much of what lies
 * ahead of `currentTime` may be made already; offline nothing is made before its time.
 */
export function createFrameClock(context: AudioContext | OfflineAudioContext): FrameClock {
  const { sampleRate } = context;
  const lead = (): number =>
    "baseLatency" in context ? REACTION_SECONDS + context.baseLatency : 0;
  return {
    sampleRate,
    now: () => seconds(context.currentTime),
    frameAt: (time) => frames(time * sampleRate),
    framesOf: (length) => frames(Math.max(0, length * sampleRate)),
    sourceTime: (frame) => seconds(frame / sampleRate),
    paramTime: (frame) => seconds(Math.max(0, (frame - 0.5) / sampleRate)),
    firstOpenFrame: () => frames(Math.ceil((context.currentTime + lead()) * sampleRate - 1e-3)),
  };
}
