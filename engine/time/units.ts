/**
 * Unit types: a number that says what it measures. They cost nothing at run time.
 * Conversions between musical and clock time live in `section.ts` alone.
 */
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Seconds on the audio clock or as a length. */
export type Seconds = Unit<"seconds">;
/** Milliseconds, for wall-clock deadlines and measurements. */
export type Milliseconds = Unit<"milliseconds">;
/** Musical time: `TICKS_PER_QUARTER` to the quarter note, always a whole number. */
export type Ticks = Unit<"ticks">;
/** Quarter notes per minute. */
export type Bpm = Unit<"bpm">;
/** Gain; 0 dB is unchanged, -60 dB or lower is silent. */
export type Decibels = Unit<"decibels">;
/** A number within [0, 1]. */
export type UnitInterval = Unit<"unit interval">;
/** Sample frames at the context's rate, always a whole number. */
export type Frames = Unit<"frames">;
/** MIDI note number, 0–127; 60 is middle C. */
export type MidiPitch = Unit<"midi pitch">;
/** MIDI velocity, 1–127. */
export type Velocity = Unit<"velocity">;

export const seconds = (value: number): Seconds => value as Seconds;
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
/** Rounds to the nearest whole tick, halves up. */
export const ticks = (value: number): Ticks => Math.round(value) as Ticks;
export const bpm = (value: number): Bpm => value as Bpm;
export const decibels = (value: number): Decibels => value as Decibels;
/** Rounds to the nearest whole frame, halves up. */
export const frames = (value: number): Frames => Math.round(value) as Frames;
/** Clamps into [0, 1]; NaN becomes 0. */
export const unitInterval = (value: number): UnitInterval =>
  (value > 0 ? Math.min(1, value) : 0) as UnitInterval;
/** Rounds and clamps into 0–127. */
export const midiPitch = (value: number): MidiPitch =>
  Math.max(0, Math.min(127, Math.round(value))) as MidiPitch;
/** Rounds and clamps into 1–127. */
export const velocity = (value: number): Velocity =>
  Math.max(1, Math.min(127, Math.round(value))) as Velocity;

/** Resolution of musical time. A sixteenth is 240 ticks, a triplet eighth 320. */
export const TICKS_PER_QUARTER = 960;

/** The linear gain of a level; -60 dB or lower is 0. */
export const gainOf = (level: Decibels): number => (level <= -60 ? 0 : 10 ** (level / 20));
