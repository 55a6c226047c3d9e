import {
  frames,
  gainOf,
  unitInterval,
  type Decibels,
  type Frames,
  type Seconds,
} from "../time/units.ts";
import { DECLICK, type FrameClock } from "./clock.ts";
import { delayed, lower, steady, withRamp, type Envelope } from "./envelope.ts";
import type { Automation } from "./fader.ts";
import { createStandstill } from "./standstill.ts";

export interface DuckOptions {
  /** The level to go down to, such as -6 dB; 0 dB or more does nothing. */
  readonly by: Decibels;
  /** Context time at which it begins to go down; a time that has gone means now. */
  readonly at: Seconds;
  /** At least 5 ms. */
  readonly attack: Seconds;
  /** Context time at which it begins to come back, at the earliest when it is down. */
  readonly until: Seconds;
  /** At least 5 ms. */
  readonly release: Seconds;
}

/** Several stingers may lower the music at once, and each lets go of it by itself. */
export interface Ducks {
  begin(name: string, options: DuckOptions): void;
  end(name: string, at: Seconds): void;
  /** What lies after `at` waits. */
  pause(at: Frames): void;
  /** Goes on `by` frames later than it stood still. Only while it is paused. */
  resume(by: Frames): void;
}

interface Duck {
  readonly envelope: Envelope;
  /** Where it begins to come back. */
  readonly back: Frames;
  /** How long that takes. */
  readonly over: Frames;
}

/** Keeps the envelope of each duck, so that one can end early; the gain is the lowest of them at every frame. */
export function createDucks(gain: Pick<Automation, "replan">, clock: FrameClock): Ducks {
  const ducks = new Map<string, Duck>();
  const standstill = createStandstill(clock);
  const framesOf = (length: Seconds): Frames =>
    frames(Math.max(clock.framesOf(length), clock.framesOf(DECLICK)));

  const forgetEnded = (): void => {
    const now = standstill.musicNow();
    for (const [name, { back, over }] of ducks) if (back + over < now) ducks.delete(name);
  };
  /** All that is planned; up to the frame from which a duck is changed it is what it was. */
  const together = (): Envelope =>
    [...ducks.values()].reduce((low, { envelope }) => lower(low, envelope), steady(1));

  return {
    begin(name, { by, at, attack, until, release }) {
      if ([by, at, attack, until, release].some(Number.isNaN)) return;
      forgetEnded();
      gain.replan(at, (planned, from) => {
        const end = clock.frameAt(until);
        if (end <= from) return planned;
        const over = framesOf(release);
        const back = frames(Math.max(end, from + framesOf(attack)));
        const to = unitInterval(gainOf(by));
        const down = withRamp(steady(1), { to, from, over: framesOf(attack) });
        const envelope = withRamp(down, { to: 1, from: back, over });
        ducks.set(name, {
          envelope: lower(ducks.get(name)?.envelope ?? steady(1), envelope),
          back,
          over,
        });
        return together();
      });
    },

    end(name, at) {
      const duck = ducks.get(name);
      if (duck === undefined || Number.isNaN(at)) return;
      gain.replan(at, (planned, from) => {
        const { envelope, back, over } = duck;
        if (from >= back) return planned;
        ducks.set(name, { envelope: withRamp(envelope, { to: 1, from, over }), back: from, over });
        return together();
      });
    },

    pause: (at) => standstill.begin(at),

    resume(by) {
      const from = standstill.end();
      if (from === undefined) return;
      for (const [name, { envelope, back, over }] of ducks) {
        const later = back + over < from ? back : frames(back + by);
        ducks.set(name, { envelope: delayed(envelope, from, by), back: later, over });
      }
    },
  };
}
