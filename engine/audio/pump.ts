import { frames, seconds, unitInterval, type Frames, type Seconds } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";
import { cutAt, withRamp, type Envelope } from "./envelope.ts";
import type { Automation } from "./fader.ts";
import { createStandstill } from "./standstill.ts";

/** A moment at which a voice gives way to another, as a pad to a kick. */
export interface Dip {
  /** Context time at which it is down. */
  readonly at: Seconds;
  /** The linear gain that it goes down to, clamped into [0, 1]. */
  readonly to: number;
}

/** Has a voice go down shortly before each of its dips and come back after it, in straight lines of gain. */
export interface Pump {
  /** Adds dips, in any order; one on the frame of another takes its place. */
  add(dips: readonly Dip[]): void;
  /** From `at` on dips are so deep: 1 as they say, 0 not at all. One that is under way comes back as it was. */
  setDepth(share: number, at: Seconds): void;
  /** What lies after `at` waits. */
  pause(at: Frames): void;
  /** Goes on `by` frames later than it stood still. Only while it is paused. */
  resume(by: Frames): void;
}

/** So long it takes to go down, and is down when the other comes in … */
const DOWN = seconds(0.012);
/** … and so long to come back: less than two eighths at any tempo. */
const UP = seconds(0.2);

interface Place {
  readonly frame: Frames;
  readonly to: number;
}

export function createPump(gain: Pick<Automation, "replan">, clock: FrameClock): Pump {
  let dips: readonly Place[] = [];
  let depth = 1;
  const standstill = createStandstill(clock);
  const down = clock.framesOf(DOWN);
  const up = clock.framesOf(UP);

  const forgetEnded = (): void => {
    const now = standstill.musicNow();
    dips = dips.filter(({ frame }) => frame + up > now);
  };

  /** What is planned up to `from`, and all dips that are not over by then. */
  const withDips = (planned: Envelope, from: Frames): Envelope => {
    let envelope = cutAt(planned, from);
    for (const { frame, to } of dips) {
      const rest = frames(frame + up - from);
      if (rest <= 0) continue;
      if (frame <= from) {
        envelope = withRamp(envelope, { to: 1, from, over: rest });
        continue;
      }
      const low = 1 - (1 - to) * depth;
      if (low === 1) continue;
      const start = frames(Math.max(from, frame - down));
      envelope = withRamp(envelope, { to: low, from: start, over: down });
      envelope = withRamp(envelope, { to: 1, from: frames(start + down), over: up });
    }
    return envelope;
  };

  return {
    add(added) {
      forgetEnded();
      const places = added
        .filter(({ at, to }) => Number.isFinite(at) && to < 1)
        .map(({ at, to }) => ({ frame: clock.frameAt(at), to: unitInterval(to) }));
      const first = places.reduce((least, { frame }) => Math.min(least, frame), Infinity);
      if (first === Infinity) return;
      const taken = new Set(places.map(({ frame }) => frame));
      dips = [...dips.filter(({ frame }) => !taken.has(frame)), ...places].toSorted(
        (one, other) => one.frame - other.frame,
      );
      gain.replan(clock.sourceTime(frames(first - down)), withDips);
    },

    setDepth(share, at) {
      if (Number.isNaN(share) || Number.isNaN(at)) return;
      forgetEnded();
      depth = unitInterval(share);
      gain.replan(at, withDips);
    },

    pause: (at) => standstill.begin(at),

    resume(by) {
      const from = standstill.end();
      if (from === undefined) return;
      dips = dips.map((dip) =>
        dip.frame + up <= from ? dip : { ...dip, frame: frames(dip.frame + by) },
      );
    },
  };
}
