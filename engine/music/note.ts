import type { MidiPitch, Ticks, Velocity } from "../time/units.ts";

/** A sounding event. Drums use the General MIDI percussion map (36 kick, 38 snare, 42 closed hat, …). */
export interface Note {
  /** Start, from the start of the take or window that holds the note. */
  readonly at: Ticks;
  /** Length, at least one tick. */
  readonly duration: Ticks;
  readonly pitch: MidiPitch;
  readonly velocity: Velocity;
}
