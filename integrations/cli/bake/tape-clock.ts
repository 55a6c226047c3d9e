import type { FrameClock } from "../../../engine/audio/clock.ts";
import { frames, seconds, type Frames, type Seconds } from "../../../engine/time/units.ts";

/** A clock that stands where it is put. What lies before it has been written to the tape and stays. */
export interface TapeClock extends FrameClock {
  /** The frame of a time, or of now where that has gone. */
  openFrame(time: Seconds): Frames;
  moveTo(frame: Frames): void;
}

export function createTapeClock(sampleRate: number): TapeClock {
  let stands = frames(0);
  const frameAt = (time: Seconds): Frames => frames(time * sampleRate);
  return {
    sampleRate,
    now: () => seconds(stands / sampleRate),
    frameAt,
    framesOf: (length) => frames(Math.max(0, length * sampleRate)),
    sourceTime: (frame) => seconds(frame / sampleRate),
    paramTime: (frame) => seconds(frame / sampleRate),
    firstOpenFrame: () => stands,
    openFrame: (time) => frames(Math.max(stands, frameAt(time))),
    moveTo(frame) {
      stands = frame;
    },
  };
}
