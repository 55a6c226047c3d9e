import { randomAt } from "../../engine/music/random.ts";

/** The rate of the test signals, in hertz. */
export const RATE = 44_100;

/** A value for each frame. */
export type Signal = (frame: number) => number;

/** White noise within [-level, level]; the same for the same seed. */
export const noise =
  (seed: number, level: number): Signal =>
  (frame) =>
    level * (2 * randomAt(seed, frame) - 1);

export const sine =
  (hertz: number, level: number): Signal =>
  (frame) =>
    level * Math.sin((2 * Math.PI * hertz * frame) / RATE);

export const constant =
  (level: number): Signal =>
  () =>
    level;
