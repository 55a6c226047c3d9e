/** What a game may say beside a name, and what it is given to take it back. */

/** From where a stinger is heard; for as long as it sounds. */
export interface TriggerOptions {
  /** Between the ears, -1 (left) to 1 (right); default 0. */
  readonly pan?: number;
  /** In decibels, -60 (silent) to 0; default 0. */
  readonly level?: number;
}

export interface HoldOptions {
  /** Beside those of the score's rules; default 0. */
  readonly priority?: number;
  /** How long, from when the mood begins: `"8 bars"`, `"12s"`. Default: until it is released. */
  readonly for?: LengthText;
}

export interface Held {
  /** Lets go; a second time does nothing. */
  release(): void;
}

export interface HitOptions {
  /** From now, at most an hour: `"7.4s"`. */
  readonly in: TimeText;
  /** How strongly the music builds towards it, 0 – 1; default 0.8. */
  readonly strength?: number;
}

export interface HitPoint {
  move(options: HitOptions): void;
  cancel(): void;
}

export type TimeText = `${number}s` | `${number}ms`;
export type LengthText =
  TimeText | `${number} bar` | `${number} bars` | `${number} beat` | `${number} beats`;
