import { BiquadFilter, type Context } from "tone";
import type { UnitInterval } from "../time/units.ts";
import { BUTTERWORTH_DB, DARKEST_HERTZ, detuneOf, openDetune } from "./brightness-curve.ts";
import type { FrameClock } from "./clock.ts";
import { createAutomation, type Automation, type Glide } from "./fader.ts";

/** A low-pass filter that opens and closes by octaves. */
export interface Brightness extends Pick<Automation, "hold" | "release"> {
  readonly node: BiquadFilter;
  /** 1 lets everything through as it is, 0 is as through a wall. */
  rampTo(brightness: UnitInterval, options: Glide): void;
}

/** The frequency stays and the detune, in cents, moves, so that straight lines of it are even in octaves. */
export function createBrightness(tone: Context, clock: FrameClock): Brightness {
  const open = openDetune(clock.sampleRate);
  const node = new BiquadFilter({
    context: tone,
    type: "lowpass",
    frequency: DARKEST_HERTZ,
    Q: BUTTERWORTH_DB,
    detune: open,
  });
  node.channelCount = 2;
  node.channelCountMode = "explicit";
  const detune = createAutomation(node.input.detune, clock, open);
  return {
    node,
    rampTo: (brightness, options) => detune.rampTo(detuneOf(brightness, clock.sampleRate), options),
    hold: (frame) => detune.hold(frame),
    release: (by) => detune.release(by),
  };
}
