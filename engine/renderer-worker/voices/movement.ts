import type { FrameMovement } from "../service.ts";
import { sine } from "./arithmetic.ts";

/** Moves the loudness of the next frames, which begin at `from`, in place. Frames are asked for in order. */
type Moving = (left: Float32Array, right: Float32Array, from: number) => void;

/** Where a swell has its crest, as a share of its length. */
const CREST = 0.6;
/** Hertz of the two motions that make a tremolo: bows do not go to and fro as one. */
const BOWS = [11.3, 14.9] as const;
/** Cycles by which the right channel is ahead of the left: desks do not bow together. */
const APART = [0.31, 0.58] as const;
/** Seconds over which a tremolo begins and ends. */
const EASE = 0.06;

/** `undefined` where nothing moves. Deterministic, and the same however frames are cut. */
export function createMovement(
  movements: readonly FrameMovement[],
  sampleRate: number,
): Moving | undefined {
  if (movements.length === 0) return undefined;
  let next = 0;
  return (left, right, from) => {
    const to = from + left.length;
    while ((movements[next]?.end ?? Infinity) <= from) next += 1;
    for (let nth = next; nth < movements.length; nth += 1) {
      const movement = movements[nth];
      if (movement === undefined || movement.at >= to) return;
      const [first, last] = [Math.max(from, movement.at), Math.min(to, movement.end)];
      if (movement.kind === "swell") swell(movement, left, right, { from, first, last });
      else tremble(movement, left, right, { from, first, last, sampleRate });
    }
  };
}

interface Stretch {
  /** The frame of the first sample, and the frames that move. */
  readonly from: number;
  readonly first: number;
  readonly last: number;
}

/** Up to the crest and back in straight lines of gain. */
function swell(
  { at, end, amount }: FrameMovement,
  left: Float32Array,
  right: Float32Array,
  { from, first, last }: Stretch,
): void {
  const up = (end - at) * CREST;
  const down = end - at - up;
  for (let frame = first; frame < last; frame += 1) {
    const since = frame - at;
    const gain = 1 + (amount - 1) * (since < up ? since / up : (end - frame) / down);
    const i = frame - from;
    left[i] = (left[i] ?? 0) * gain;
    right[i] = (right[i] ?? 0) * gain;
  }
}

function tremble(
  { at, end, amount }: FrameMovement,
  left: Float32Array,
  right: Float32Array,
  { from, first, last, sampleRate }: Stretch & { readonly sampleRate: number },
): void {
  const ease = Math.min(EASE * sampleRate, (end - at) / 2);
  const [slow, fast] = [BOWS[0] / sampleRate, BOWS[1] / sampleRate];
  for (let frame = first; frame < last; frame += 1) {
    const since = frame - at;
    const depth = (amount * Math.min(ease, since, end - frame)) / ease;
    const i = frame - from;
    const [a, b] = [slow * since, fast * since];
    left[i] = (left[i] ?? 0) * (1 - depth * (0.5 - 0.25 * (sine(a) + sine(b))));
    right[i] =
      (right[i] ?? 0) * (1 - depth * (0.5 - 0.25 * (sine(a + APART[0]) + sine(b + APART[1]))));
  }
}
