import { frames, type Frames } from "../time/units.ts";
import type { FrameClock } from "./clock.ts";

/** Where the music stands still while it is paused: what is planned for later waits. */
export interface Standstill {
  /** Undefined while the music goes on. */
  readonly at: Frames | undefined;
  /** The frame that the music has come to. */
  musicNow(): Frames;
  begin(at: Frames): void;
  /** Goes on; gives where it stood, undefined where it did not. */
  end(): Frames | undefined;
}

export function createStandstill(clock: Pick<FrameClock, "frameAt" | "now">): Standstill {
  let stoodAt: Frames | undefined;
  return {
    get at() {
      return stoodAt;
    },
    musicNow: () => frames(Math.min(clock.frameAt(clock.now()), stoodAt ?? Infinity)),
    begin(at) {
      stoodAt = at;
    },
    end() {
      const from = stoodAt;
      stoodAt = undefined;
      return from;
    },
  };
}
