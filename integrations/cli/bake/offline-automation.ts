import {
  forgetBefore,
  steady,
  withRamp,
  type Envelope,
  type Ramp,
} from "../../../engine/audio/envelope.ts";
import type { Seconds } from "../../../engine/time/units.ts";
import type { TapeClock } from "./tape-clock.ts";

/** A value over time that is planned ahead, as the player's faders are, and read once its time has come. */
export interface OfflineAutomation {
  readonly envelope: Envelope;
  rampTo(to: number, options: { at: Seconds; ramp: Seconds; shape?: Ramp["shape"] }): void;
  /** `plan` returns the envelope that it is given, changed from `from` on. */
  replan(at: Seconds, plan: (planned: Envelope, from: Ramp["from"]) => Envelope): void;
  /** What lies before is not read again. */
  forget(before: Ramp["from"]): void;
}

export function createOfflineAutomation(clock: TapeClock, initial: number): OfflineAutomation {
  let envelope = steady(initial);
  const replan: OfflineAutomation["replan"] = (at, plan) => {
    envelope = plan(envelope, clock.openFrame(at));
  };
  return {
    get envelope() {
      return envelope;
    },
    replan,
    rampTo(to, { at, ramp, shape = "linear" }) {
      const over = clock.framesOf(ramp);
      replan(at, (planned, from) => withRamp(planned, { to, from, over, shape }));
    },
    forget(before) {
      envelope = forgetBefore(envelope, before);
    },
  };
}
