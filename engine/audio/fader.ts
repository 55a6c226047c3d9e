import type { Context } from "tone";
import { frames, type Frames, type Seconds } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import {
  cutAt,
  delayed,
  forgetBefore,
  steady,
  withRamp,
  writeEnvelope,
  type Envelope,
  type Ramp,
} from "./envelope.ts";

export interface Glide {
  /** Context time; a time that has gone means now. */
  readonly at: Seconds;
  /** 0 is at once, with a click where there is sound. */
  readonly ramp: Seconds;
}

/** A parameter whose future can be rewritten at any point without a jump, and can be made to wait. */
export interface Automation {
  rampTo(to: number, options: Glide & Pick<Ramp, "shape">): void;
  /** `plan` returns the envelope that it is given, changed from `from` on: that is `at`, or now. */
  replan(at: Seconds, plan: (planned: Envelope, from: Frames) => Envelope): void;
  /** Stands still from `frame` on; what is planned for later, or from now on, waits. */
  hold(frame: Frames): void;
  /** Goes on from where it stood still, `by` frames later. */
  release(by: Frames): void;
}

/** A gain under automation. */
export interface Fader extends Automation {
  readonly node: GainNode;
}

/**
 * `initial` is the value that the parameter was made with. It is the browser's own: Tone's `Param` remembers its
 * last thousand points, and looks through them at every change.
 */
export function createAutomation(
  param: AudioParam,
  clock: FrameClock,
  initial: number,
): Automation {
  let envelope = steady(initial);
  let heldAt: Frames | undefined;
  const write = (from: Frames): void => {
    writeEnvelope(param, envelope, { from, clock });
    envelope = forgetBefore(envelope, clock.frameAt(clock.now()));
  };
  const replan: Automation["replan"] = (at, plan) => {
    const from = frames(Math.max(clock.frameAt(at), heldAt ?? clock.firstOpenFrame()));
    envelope = plan(envelope, from);
    if (heldAt === undefined) write(from);
  };
  return {
    replan,
    rampTo(to, { at, ramp, shape = "linear" }) {
      const over = clock.framesOf(ramp);
      replan(at, (planned, from) => withRamp(planned, { to, from, over, shape }));
    },
    hold(frame) {
      heldAt = frame;
      writeEnvelope(param, cutAt(envelope, frame), { from: frame, clock });
    },
    release(by) {
      if (heldAt === undefined) return;
      const from = frames(heldAt + by);
      envelope = delayed(envelope, heldAt, by);
      heldAt = undefined;
      write(from);
    },
  };
}

export function createFader(tone: Context, clock: FrameClock, initial: number): Fader {
  const node = stereoGain(tone, initial);
  return { node, ...createAutomation(node.gain, clock, initial) };
}

/** A gain that stays stereo, whatever is connected: a change of channel count would click. */
export const stereoGain = (tone: Context, gain: number): GainNode =>
  new GainNode(tone.rawContext, { gain, channelCount: 2, channelCountMode: "explicit" });
