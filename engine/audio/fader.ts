import { Gain, type Context } from "tone";
import { frames, type Seconds } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import { forgetBefore, steady, withRamp, writeEnvelope } from "./envelope.ts";

export interface Glide {
  /** Context time; a time that has gone means now. */
  readonly at: Seconds;
  /** 0 is at once, with a click where there is sound. */
  readonly ramp: Seconds;
}

/** A gain whose future can be rewritten at any point without a jump. */
export interface Fader {
  readonly node: Gain;
  rampTo(to: number, options: Glide): void;
}

export function createFader(tone: Context, clock: FrameClock, initial: number): Fader {
  const node = stereoGain(tone, initial);
  let envelope = steady(initial);
  return {
    node,
    rampTo(to, { at, ramp }) {
      const from = frames(Math.max(clock.frameAt(at), clock.firstOpenFrame()));
      envelope = withRamp(envelope, { to, from, over: clock.framesOf(ramp) });
      writeEnvelope(node.gain, envelope, { from, clock });
      envelope = forgetBefore(envelope, clock.frameAt(clock.now()));
    },
  };
}

/** A gain that stays stereo, whatever is connected: a change of channel count would click. */
export function stereoGain(tone: Context, gain: number): Gain {
  const node = new Gain({ context: tone, gain });
  node.channelCount = 2;
  node.channelCountMode = "explicit";
  return node;
}
