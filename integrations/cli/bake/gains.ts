import type { Envelope } from "../../../engine/audio/envelope.ts";

/** The value of an envelope at `from` and every frame after it, one for each place in `out`. */
export function gainsInto(envelope: Envelope, from: number, out: Float32Array): void {
  let next = envelope.findIndex(({ frame }) => frame > from);
  if (next === -1) {
    out.fill(envelope.at(-1)?.gain ?? 0);
    return;
  }
  for (let i = 0; i < out.length; i += 1) {
    const frame = from + i;
    while ((envelope[next]?.frame ?? Infinity) <= frame) next += 1;
    const [before, after] = [envelope[next - 1], envelope[next]];
    if (before === undefined || after === undefined) out[i] = (before ?? after)?.gain ?? 0;
    else {
      const share = (frame - before.frame) / (after.frame - before.frame);
      out[i] = before.gain + (after.gain - before.gain) * share;
    }
  }
}

/** Whether the envelope is `gain` all the way from `from` to `to`. */
export const isSteady = (envelope: Envelope, gain: number, from: number, to: number): boolean =>
  envelope.every(
    (point, index) =>
      point.gain === gain ||
      (envelope[index - 1]?.frame ?? -Infinity) >= to ||
      (envelope[index + 1]?.frame ?? Infinity) <= from,
  );
