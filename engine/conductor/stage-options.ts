import type { Instruments } from "./instruments.ts";
import type { Playing } from "./parts.ts";

export interface StageEvents {
  /** A chunk came so late that its beginning, or all of it, was not heard. */
  late(outcome: "late" | "missed"): void;
  renderFailed(error: Error): void;
}

export interface StageOptions {
  /** A chunk has come back from the renderer, which is free for the next. */
  readonly rendered: () => void;
  readonly playing: Playing;
  readonly instruments: Instruments;
  readonly events: StageEvents;
  /** Bytes of PCM that are kept for the case that it is heard again. */
  readonly pcmBudget: number;
}
