import { keyOf } from "./drum-keys.ts";
import { drumHead } from "./drum-onset.ts";
import type { Font } from "./font.ts";
import { DRUM_BANK } from "./palettes.ts";
import type { FrameMovement, FrameNote, Voice } from "./service.ts";
import { BLOCK_FRAMES, type Section } from "./voices/instrument.ts";
import { createMovement } from "./voices/movement.ts";
import { openInstrument } from "./voices/open-instrument.ts";
import { createTone } from "./voices/tone.ts";

/** A take being rendered from its start to its end. */
export interface Take {
  /** The next frame that `render` writes. */
  position(): number;
  /** Moves on to a later frame without keeping the sound. */
  skipTo(frame: number): void;
  /** Fills both arrays, of one length, with the next frames. */
  render(left: Float32Array, right: Float32Array): void;
}

export interface TakeOptions {
  readonly font: Font;
  readonly voice: Voice;
  readonly notes: readonly FrameNote[];
  readonly movements: readonly FrameMovement[];
  readonly onsetOf: (voice: Voice, key: number) => number;
  /** Called before every block. */
  readonly goesOn: () => void;
}

/** Velocity 0 ends a note. */
interface NoteEvent {
  readonly at: number;
  readonly pitch: number;
  readonly velocity: number;
  readonly section: Section;
}

/**
 * Starts a take. Blocks begin at every event and last at most 128 frames, whatever stretches are asked
 * for: the instrument sees the same blocks, so the samples do not depend on where chunks are cut.
 */
export function startTake(options: TakeOptions): Take {
  const { font, voice, notes, movements, onsetOf, goesOn } = options;
  const drums = voice.bank === DRUM_BANK;
  const events = drums
    ? drumEvents(notes, voice, (key) => onsetOf(voice, key))
    : pitchedEvents(notes, voice);
  const instrument = openInstrument(font, voice);
  const left = new Float32Array(BLOCK_FRAMES);
  const right = new Float32Array(BLOCK_FRAMES);
  const unbiasLeft = createDcBlocker(font.sampleRate);
  const unbiasRight = createDcBlocker(font.sampleRate);
  const filter = createTone(voice.tone, font.sampleRate);
  const move = createMovement(movements, font.sampleRate);
  // Frames before 0 hold the silent heads of drums on the first downbeat; nobody hears them.
  let blockStart = drums ? -drumHead(font.sampleRate) : 0;
  let blockEnd = blockStart;
  let nextEvent = 0;
  let position = 0;

  function renderBlock(): void {
    goesOn();
    blockStart = blockEnd;
    let event = events[nextEvent];
    while (event !== undefined && event.at <= blockStart) {
      const { pitch, velocity, section } = event;
      if (velocity === 0) instrument.noteOff(pitch, section);
      else instrument.noteOn(pitch, velocity, section);
      nextEvent += 1;
      event = events[nextEvent];
    }
    blockEnd = Math.min(blockStart + BLOCK_FRAMES, event?.at ?? Infinity);
    left.fill(0);
    right.fill(0);
    instrument.process(left, right, blockEnd - blockStart);
    unbiasLeft(left, blockEnd - blockStart);
    unbiasRight(right, blockEnd - blockStart);
    filter?.(left, right, blockEnd - blockStart);
  }

  // Equal power, 0 dB in the middle. Square roots, unlike sines, are the same on every engine.
  const gainLeft = voice.gain * Math.sqrt(1 - voice.pan);
  const gainRight = voice.gain * Math.sqrt(1 + voice.pan);
  // Middle plus so much of the side: shares of its own channel and of the other one.
  const { width = 1 } = voice;
  const own = (1 + width) / 2;
  const other = (1 - width) / 2;
  return {
    position: () => position,
    skipTo(frame) {
      while (blockEnd <= frame) renderBlock();
      position = frame;
    },
    render(outLeft, outRight) {
      const from = position;
      const until = from + outLeft.length;
      while (position < until) {
        while (position >= blockEnd) renderBlock();
        const end = Math.min(until, blockEnd);
        let inBlock = position - blockStart;
        for (let i = position - from; i < end - from; i += 1) {
          const l = left[inBlock] ?? 0;
          const r = right[inBlock] ?? 0;
          outLeft[i] = (l * own + r * other) * gainLeft;
          outRight[i] = (r * own + l * other) * gainRight;
          inBlock += 1;
        }
        position = end;
      }
      move?.(outLeft, outRight, from);
    },
  };
}

/**
 * Takes the offset out of recordings that have one (strings: -54 dB), in place: a one-pole high-pass at
 * 8 Hz. Julius O. Smith, "Introduction to Digital Filters", DC blocker.
 */
function createDcBlocker(sampleRate: number): (samples: Float32Array, count: number) => void {
  const pole = 1 - (2 * Math.PI * 8) / sampleRate;
  const past = { before: 0, level: 0 };
  return (samples, count) => {
    let { before, level } = past;
    for (let i = 0; i < count; i += 1) {
      const sample = samples[i] ?? 0;
      level = sample - before + pole * level;
      // A decay without end would reach denormal numbers, which are slow.
      if (Math.abs(level) < 1e-9) level = 0;
      before = sample;
      samples[i] = level;
    }
    past.before = before;
    past.level = level;
  };
}

/** In order of time. What lies on one frame keeps its order: a pitch ends before it is struck anew. */
const inOrder = (events: readonly NoteEvent[]): readonly NoteEvent[] =>
  events.toSorted((a, b) => a.at - b.at);

const pitchedEvents = (notes: readonly FrameNote[], voice: Voice): readonly NoteEvent[] => {
  const bowing = (voice.divisi ?? 0) > 0 ? divided(notes) : () => "all" as const;
  const plucks = voice.kind === "sampled" && voice.plucked !== undefined;
  return inOrder(
    notes.flatMap((note) => {
      const { at, end, pitch, velocity } = note;
      const section = plucks && note.plucked === true ? "plucked" : bowing(note);
      return [
        { at, pitch, velocity, section },
        { at: Math.max(end, at + 1), pitch, velocity: 0, section },
      ];
    }),
  );
};

/** Of notes that begin together the upper half goes to one section and the lower half to the other; the middle one, or one alone, to all. */
function divided(notes: readonly FrameNote[]): (note: FrameNote) => Section {
  const chords = new Map<number, readonly number[]>();
  for (const { at, pitch } of notes) chords.set(at, [...(chords.get(at) ?? []), pitch]);
  return ({ at, pitch }) => {
    const chord = chords.get(at) ?? [];
    const below = chord.filter((other) => other < pitch).length;
    const above = chord.filter((other) => other > pitch).length;
    return below === above ? "all" : below > above ? "upper" : "lower";
  };
}

/** Drums ring out: their ends are not sent. Each starts early by the silence in its recording. */
const drumEvents = (
  notes: readonly FrameNote[],
  voice: Voice,
  onsetOf: (key: number) => number,
): readonly NoteEvent[] =>
  inOrder(
    notes.map(({ at, pitch, velocity }) => {
      const key = keyOf(voice, pitch);
      return { at: at - onsetOf(key), pitch: key, velocity, section: "all" };
    }),
  );
