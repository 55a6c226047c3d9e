import { BiquadFilter, type Context } from "tone";
import type { UnitInterval } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import { createAutomation, type Automation, type Glide } from "./fader.ts";

/** A low-pass filter that opens and closes by octaves. */
export interface Brightness extends Pick<Automation, "hold" | "release"> {
  readonly node: BiquadFilter;
  /** 1 lets everything through as it is, 0 is as through a wall. */
  rampTo(brightness: UnitInterval, options: Glide): void;
}

const DARKEST_HERTZ = 300;
const BRIGHTEST_HERTZ = 20_000;
/** A Q of 0.707, the steepest without a peak; Web Audio counts the Q of a low-pass in decibels. */
const BUTTERWORTH_DB = 20 * Math.log10(Math.SQRT1_2);

const centsOf = (hertz: number): number => 1200 * Math.log2(hertz / DARKEST_HERTZ);

/**
 * Cuts off at 300 Hz * (20000 / 300) ** brightness. The frequency stays and the detune, in cents,
 * moves, so that straight lines of it are even in octaves. At 1 it goes on to just beyond half the
 * sample rate, where a low-pass is the identity by the Web Audio specification (for 20 kHz at
 * 44.1 kHz would still turn phases), so that what is not coloured stays as it was to the bit.
 */
export function createBrightness(tone: Context, clock: FrameClock): Brightness {
  const open = centsOf(clock.sampleRate / 2) + 1;
  const node = new BiquadFilter({
    context: tone,
    type: "lowpass",
    frequency: DARKEST_HERTZ,
    Q: BUTTERWORTH_DB,
    detune: open,
  });
  node.channelCount = 2;
  node.channelCountMode = "explicit";
  const detune = createAutomation(node.detune, clock, open);
  return {
    node,
    rampTo: (brightness, options) =>
      detune.rampTo(brightness === 1 ? open : brightness * centsOf(BRIGHTEST_HERTZ), options),
    hold: (frame) => detune.hold(frame),
    release: (by) => detune.release(by),
  };
}
