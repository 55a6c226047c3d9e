import { frames, type Frames } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";

/**
 * A gain, or another parameter, over time as straight lines between points; two points on one frame are a jump. Kept beside
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
  /** `equal-power` rises as a sine and falls as a cosine, within [0, 1]; default `linear`. */
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

/** The envelope up to `frame`, and level from there on. */
export function cutAt(envelope: Envelope, frame: Frames): Envelope {
  const earlier = envelope.filter((point) => point.frame < frame);
  return [...earlier, { frame, gain: gainUpTo(envelope, frame) }];
}

/**
 * The envelope with everything from `ramp.from` on replaced: from the gain it has there to `ramp.to`.
 * Equal power goes through the angle whose sine the gain is, so that a fade that turns round in its
 * middle goes back on its own curve, and the squares of two that cross still add up to 1.
 */
export function withRamp(envelope: Envelope, ramp: Ramp): Envelope {
  const points = [...cutAt(envelope, ramp.from)];
  const start = points.at(-1)?.gain ?? 0;
  const isCurved = ramp.shape === "equal-power" && ramp.to !== start;
  const lines = isCurved ? Math.max(1, Math.min(CURVE_LINES, ramp.over)) : 1;
  const [first, last] = [Math.asin(start), Math.asin(ramp.to)];
  for (let line = 1; line <= lines; line += 1) {
    const share = line / lines;
    const gain = line === lines ? ramp.to : Math.sin(first + (last - first) * share);
    points.push({ frame: frames(ramp.from + ramp.over * share), gain });
  }
  return points;
}

/** The envelope standing still at `frame`, and going on from there `by` frames later. */
export function delayed(envelope: Envelope, frame: Frames, by: Frames): Envelope {
  const later = [{ frame, gain: gainUpTo(envelope, frame) }].concat(
    envelope.filter((point) => point.frame >= frame),
  );
  return [
    ...cutAt(envelope, frame),
    ...later.map((point) => ({ frame: frames(point.frame + by), gain: point.gain })),
  ];
}

/** At every frame the lower of two envelopes, neither of which may jump. */
export function lower(a: Envelope, b: Envelope): Envelope {
  const above = (frame: Frames): number => gainUpTo(a, frame) - gainUpTo(b, frame);
  const corners = [...a, ...b].map((point) => point.frame).sort((one, other) => one - other);
  const crossings = corners.slice(1).flatMap((corner, index) => {
    const before = corners[index] ?? corner;
    const [from, to] = [above(before), above(corner)];
    return from * to < 0 ? [frames(before + ((corner - before) * from) / (from - to))] : [];
  });
  const places = new Set([...corners, ...crossings].sort((one, other) => one - other));
  return [...places].map((frame) => ({
    frame,
    gain: Math.min(gainUpTo(a, frame), gainUpTo(b, frame)),
  }));
}

/** Forgets the points that no longer matter from `frame` on. */
export function forgetBefore(envelope: Envelope, frame: Frames): Envelope {
  const next = envelope.findIndex((point) => point.frame > frame);
  return envelope.slice(Math.max(0, (next === -1 ? envelope.length : next) - 1));
}

/** Hands the part from `from` on to an audio parameter, in place of what it had planned. */
export function writeEnvelope(
  param: AudioParam,
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
