import type { Meter } from "../time/meter.ts";
import type { Bpm, UnitInterval } from "../time/units.ts";
import type { Chord } from "./chord.ts";
import type { Key } from "./key.ts";
import type { PerStem } from "./stem.ts";

/** What a bar does in the form. In the order of the model's `role` condition. */
export const FORM_ROLES = ["A", "A'", "B", "bridge", "fill", "ending", "stinger"] as const;
export type FormRole = (typeof FORM_ROLES)[number];

/** What kind of music the model leans on. In the order of the model's `style` condition. */
export const STYLES = [
  "song",
  "chamber",
  "game-ambient",
  "game-driving",
  "role-playing",
  "keyboard",
  "groove",
] as const;
export type Style = (typeof STYLES)[number];

/** How busy a stem is: 0 silent, 1 sparse – 4 busy; `free` leaves it to the model. */
export type Density = 0 | 1 | 2 | 3 | 4 | "free";

/** Everything the composer decides about one bar before a note is written. */
export interface BarPlan {
  readonly meter: Meter;
  readonly tempo: Bpm;
  readonly key: Key;
  /** The key that a bridge has gone over to, whose scale rules in the bar; chords still count from `key`. */
  readonly modulatedTo?: Key;
  /** One chord for each half of the bar; `undefined` leaves it to the model. */
  readonly chords: readonly [Chord | undefined, Chord | undefined];
  readonly role: FormRole;
  /** Bars since the phrase began, 0–7. */
  readonly positionInPhrase: number;
  readonly intensity: UnitInterval;
  /** Sad to glad, within [-1, 1]. */
  readonly valence: number;
  /** Calm to excited, within [0, 1]. */
  readonly arousal: UnitInterval;
  readonly style: Style | undefined;
  readonly density: PerStem<Density>;
}
