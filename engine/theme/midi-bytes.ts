import { parseMidi, type MidiData, type MidiEvent } from "midi-file";

/** A note as it was played; times in quarter notes from the beginning of the file. */
export interface PlayedNote {
  readonly at: number;
  readonly duration: number;
  readonly pitch: number;
  readonly velocity: number;
}

/** The notes of one channel in one track, in order of their onsets. */
export interface Part {
  readonly name: string;
  /** From 1, as programs for music count them. */
  readonly track: number;
  /** 1 – 16; 10 is for drums. */
  readonly channel: number;
  /** General MIDI instrument of its first note, 0 – 127. */
  readonly program: number;
  readonly notes: readonly PlayedNote[];
}

/** Something that holds from a moment on; `at` in quarter notes. */
export interface From<Value> {
  readonly at: number;
  readonly value: Value;
}

export interface TimeSignature {
  readonly numerator: number;
  readonly denominator: number;
}

/** What a file says; the lists in order of time. */
export interface MidiContent {
  readonly parts: readonly Part[];
  readonly signatures: readonly From<TimeSignature>[];
  /** Quarter notes per minute, unchecked. */
  readonly tempos: readonly From<number>[];
  /** Sharps (negative: flats) and whether the key is minor. */
  readonly keys: readonly From<{ readonly sharps: number; readonly minor: boolean }>[];
}

export type MidiContentReading =
  | { readonly ok: true; readonly content: MidiContent }
  /** What is wrong and what to do. */
  | { readonly ok: false; readonly problem: string };

const MOST_BYTES = 1_000_000;
const AGAIN = "export it again as a standard MIDI file (.mid)";

/** Reads a standard MIDI file of at most 1 MB. Takes time in proportion to its bytes, whatever they are. */
export function readMidiBytes(bytes: Uint8Array): MidiContentReading {
  const refuse = (problem: string): MidiContentReading => ({ ok: false, problem });
  if (bytes.length === 0) return refuse(`the file is empty; ${AGAIN}`);
  if (bytes.length > MOST_BYTES) {
    const size = (bytes.length / 1e6).toFixed(1);
    return refuse(`the file has ${size} MB, more than 1 MB; export the motif and its chords alone`);
  }
  let data: MidiData;
  try {
    data = parseMidi(new CheckedBytes(bytes));
  } catch {
    return refuse(`the file is damaged or no MIDI file; ${AGAIN}`);
  }
  const { ticksPerBeat } = data.header;
  if (ticksPerBeat === undefined) {
    return refuse("the file counts time in video frames; export it with ticks per quarter note");
  }
  if (ticksPerBeat === 0) return refuse(`the file has no resolution; ${AGAIN}`);
  return { ok: true, content: collect(data.tracks, ticksPerBeat) };
}

/** Refuses lengths that point backwards or beyond the end: the parser would read round in circles. */
class CheckedBytes extends Uint8Array {
  override slice(start = 0, end: number = this.length): Uint8Array<ArrayBuffer> {
    if (start < 0 || end < start || end > this.length) throw new RangeError("a length is wrong");
    return super.slice(start, end);
  }
}

function collect(tracks: readonly MidiEvent[][], ticksPerQuarter: number): MidiContent {
  const parts: Part[] = [];
  const signatures: From<TimeSignature>[] = [];
  const tempos: From<number>[] = [];
  const keys: MidiContent["keys"][number][] = [];
  for (const [index, events] of tracks.entries()) {
    const playing = new Map<number, ChannelReader>();
    let name = "";
    let now = 0;
    for (const event of events) {
      // A damaged delta may be negative; time never runs back.
      now += Math.max(0, event.deltaTime) / ticksPerQuarter;
      const at = now;
      if (event.type === "trackName" && name === "") name = printable(event.text);
      else if (event.type === "timeSignature") {
        const { numerator, denominator } = event;
        signatures.push({ at, value: { numerator, denominator } });
      } else if (event.type === "setTempo") {
        tempos.push({ at, value: 60_000_000 / event.microsecondsPerBeat });
      } else if (event.type === "keySignature" && Math.abs(event.key) <= 7) {
        keys.push({ at, value: { sharps: event.key, minor: event.scale === 1 } });
      } else if ("channel" in event && event.type !== "channelPrefix") {
        const reader = playing.get(event.channel) ?? new ChannelReader();
        playing.set(event.channel, reader);
        reader.take(event, now);
      }
    }
    for (const [channel, reader] of playing) {
      const { notes, program } = reader.end(now);
      if (notes.length === 0) continue;
      parts.push({ name, track: index + 1, channel: channel + 1, program, notes });
    }
  }
  const inOrder = (a: { at: number }, b: { at: number }): number => a.at - b.at;
  signatures.sort(inOrder);
  tempos.sort(inOrder);
  keys.sort(inOrder);
  return { parts, signatures, tempos, keys };
}

/** Pairs the ends of notes with their beginnings; a note that is struck again ends there. */
class ChannelReader {
  readonly #open = new Map<number, Omit<PlayedNote, "duration">>();
  readonly #notes: PlayedNote[] = [];
  #program = 0;

  take(event: MidiEvent, now: number): void {
    if (event.type === "programChange" && this.#notes.length === 0) {
      this.#program = event.programNumber;
    } else if (event.type === "noteOff") this.#close(event.noteNumber, now);
    else if (event.type === "noteOn" && event.noteNumber <= 127 && event.velocity <= 127) {
      this.#close(event.noteNumber, now);
      const { noteNumber: pitch, velocity } = event;
      this.#open.set(pitch, { at: now, pitch, velocity });
    }
  }

  end(now: number): { notes: readonly PlayedNote[]; program: number } {
    for (const pitch of this.#open.keys()) this.#close(pitch, now);
    this.#notes.sort((a, b) => a.at - b.at || b.pitch - a.pitch);
    return { notes: this.#notes, program: this.#program };
  }

  #close(pitch: number, now: number): void {
    const note = this.#open.get(pitch);
    if (note === undefined) return;
    this.#open.delete(pitch);
    this.#notes.push({ ...note, duration: now - note.at });
  }
}

/** A name that is safe to show, at most 64 characters. */
const printable = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{Zs}]/gu, "")
    .trim()
    .slice(0, 64);
