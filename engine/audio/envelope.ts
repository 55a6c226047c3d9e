import type { Param } from "tone";
import { frames, type Frames } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";

/**
 * A gain over time as straight lines between points; two points on one frame are a jump. Kept beside
 * the audio parameter because no browser tells a parameter's value in the future, and
 * `cancelAndHoldAtTime` is missing in Firefox.
 */
export type Envelope = readonly Point[];

interface Point {
  readonly frame: Frames;
  readonly gain: number;
}

export interface Ramp {
  readonly to: number;
  readonly from: Frames;
  /** 0 is a jump. */
  readonly over: Frames;
  /** `equal-power` rises as a sine and falls as a cosine; default `linear`. */
  readonly shape?: "linear" | "equal-power";
}

/** Lines that stand for a quarter of a sine: the worst error is 3e-4 of its height. */
const CURVE_LINES = 32;

export const steady = (gain: number): Envelope => [{ frame: frames(0), gain }];

/** The gain that leads up to `frame`: at a jump, the value before it. */
function gainUpTo(envelope: Envelope, frame: Frames): number {
  const next = envelope.findIndex((point) => point.frame >= frame);
  const after = envelope[next];
  const before = envelope[next === -1 ? envelope.length - 1 : next - 1];
  if (before === undefined) return after?.gain ?? 0;
  if (after === undefined) return before.gain;
  const share = (frame - before.frame) / (after.frame - before.frame);
  return before.gain + (after.gain - before.gain) * share;
}

/** The envelope with everything from `ramp.from` on replaced: from the gain it has there to `ramp.to`. */
export function withRamp(envelope: Envelope, ramp: Ramp): Envelope {
  const start = gainUpTo(envelope, ramp.from);
  const height = ramp.to - start;
  const isCurved = ramp.shape === "equal-power" && height !== 0;
  const lines = isCurved ? Math.max(1, Math.min(CURVE_LINES, ramp.over)) : 1;
  const points: Point[] = envelope.filter((point) => point.frame < ramp.from);
  points.push({ frame: ramp.from, gain: start });
  for (let line = 1; line <= lines; line += 1) {
    const angle = ((line / lines) * Math.PI) / 2;
    const curve = height > 0 ? Math.sin(angle) : 1 - Math.cos(angle);
    const gain = line === lines ? ramp.to : start + height * curve;
    points.push({ frame: frames(ramp.from + (ramp.over * line) / lines), gain });
  }
  return points;
}

/** Forgets the points that no longer matter from `frame` on. */
export function forgetBefore(envelope: Envelope, frame: Frames): Envelope {
  const next = envelope.findIndex((point) => point.frame > frame);
  return envelope.slice(Math.max(0, (next === -1 ? envelope.length : next) - 1));
}

/** Hands the part from `from` on to an audio parameter, in place of what it had planned. */
export function writeEnvelope(
  param: Param<"gain">,
  envelope: Envelope,
  { from, clock }: { readonly from: Frames; readonly clock: FrameClock },
): void {
  param.cancelScheduledValues(clock.paramTime(from));
  for (const [index, { frame, gain }] of envelope.entries()) {
    if (frame < from) continue;
    const time = clock.paramTime(frame);
    // The first point lies on the line that was cancelled, and so puts that line back.
    if (envelope[index - 1]?.frame === frame) param.setValueAtTime(gain, time);
    else param.linearRampToValueAtTime(gain, time);
  }
}
