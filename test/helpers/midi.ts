import { writeMidi, type MidiEvent } from "midi-file";

/** A note of a test's MIDI file: beginning and length in quarter notes, the pitch, and how loud it is (80). */
export type Struck = readonly [at: number, pitch: number, length: number, velocity?: number];

interface Track {
  readonly notes: readonly Struck[];
  readonly name?: string;
  /** From 1; 10 is for drums. Default 1. */
  readonly channel?: number;
  readonly program?: number;
}

interface MidiFile {
  readonly tracks: readonly Track[];
  /** Signatures by the quarter note at which they begin. */
  readonly meters?: Readonly<Record<number, readonly [numerator: number, denominator: number]>>;
  /** Sharps (negative: flats), and whether the key is minor. */
  readonly key?: readonly [sharps: number, minor: boolean];
  /** Microseconds in a quarter note. */
  readonly microseconds?: number;
}

const TICKS = 480;

/** The bytes of a MIDI file with a first track of settings and one track for each of `tracks`. */
export function midiBytes({ tracks, meters = {}, key, microseconds }: MidiFile): Uint8Array {
  const settings: Timed[] = Object.entries(meters).map(([at, [numerator, denominator]]) => [
    Number(at),
    {
      deltaTime: 0,
      type: "timeSignature",
      numerator,
      denominator,
      metronome: 24,
      thirtyseconds: 8,
    },
  ]);
  if (microseconds !== undefined) {
    settings.push([0, { deltaTime: 0, type: "setTempo", microsecondsPerBeat: microseconds }]);
  }
  if (key !== undefined) {
    const [sharps, minor] = key;
    const scale = minor ? 1 : 0;
    settings.push([0, { deltaTime: 0, type: "keySignature", key: sharps, scale }]);
  }
  const header = { format: 1, numTracks: tracks.length + 1, ticksPerBeat: TICKS } as const;
  return new Uint8Array(
    writeMidi({ header, tracks: [inOrder(settings), ...tracks.map(eventsOf)] }, { running: true }),
  );
}

type Timed = readonly [at: number, event: MidiEvent];

function eventsOf({ notes, name, channel = 1, program }: Track): MidiEvent[] {
  const events: Timed[] = [];
  const on = channel - 1;
  if (name !== undefined) events.push([0, { deltaTime: 0, type: "trackName", text: name }]);
  if (program !== undefined) {
    events.push([0, { deltaTime: 0, type: "programChange", channel: on, programNumber: program }]);
  }
  for (const [at, noteNumber, length, velocity = 80] of notes) {
    const note = { deltaTime: 0, channel: on, noteNumber };
    events.push([at, { ...note, type: "noteOn", velocity }]);
    events.push([at + length, { ...note, type: "noteOff", velocity: 0 }]);
  }
  return inOrder(events);
}

/** With deltas in place of times; of what falls together, ends come before beginnings. */
function inOrder(events: readonly Timed[]): MidiEvent[] {
  const rank = ({ type }: MidiEvent): number => (type === "noteOn" ? 1 : 0);
  let now = 0;
  const sorted = events
    .toSorted(([a, first], [b, second]) => a - b || rank(first) - rank(second))
    .map(([at, event]): MidiEvent => {
      const tick = Math.round(at * TICKS);
      const deltaTime = tick - now;
      now = tick;
      return { ...event, deltaTime };
    });
  return [...sorted, { deltaTime: 0, type: "endOfTrack" }];
}

/** Pitches one after the other, each of the same length. */
export const evenly = (pitches: readonly number[], length: number, from = 0): readonly Struck[] =>
  pitches.map((pitch, index) => [from + index * length, pitch, length]);
