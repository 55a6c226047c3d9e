import { keyOf } from "./drum-keys.ts";
import { drumHead } from "./drum-onset.ts";
import type { Font } from "./font.ts";
import { DRUM_BANK } from "./palettes.ts";
import type { FrameNote, Voice } from "./service.ts";
import { BLOCK_FRAMES } from "./voices/instrument.ts";
import { openInstrument } from "./voices/open-instrument.ts";

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
  readonly onsetOf: (voice: Voice, key: number) => number;
  /** Called before every block. */
  readonly goesOn: () => void;
}

/** Velocity 0 ends a note. */
interface NoteEvent {
  readonly at: number;
  readonly pitch: number;
  readonly velocity: number;
}

/**
 * Starts a take. Blocks begin at every event and last at most 128 frames, whatever stretches are asked
 * for: the instrument sees the same blocks, so the samples do not depend on where chunks are cut.
 */
export function startTake({ font, voice, notes, onsetOf, goesOn }: TakeOptions): Take {
  const drums = voice.bank === DRUM_BANK;
  const events = drums
    ? drumEvents(notes, voice, (key) => onsetOf(voice, key))
    : pitchedEvents(notes);
  const instrument = openInstrument(font, voice);
  const left = new Float32Array(BLOCK_FRAMES);
  const right = new Float32Array(BLOCK_FRAMES);
  const unbiasLeft = createDcBlocker(font.sampleRate);
  const unbiasRight = createDcBlocker(font.sampleRate);
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
      if (event.velocity === 0) instrument.noteOff(event.pitch);
      else instrument.noteOn(event.pitch, event.velocity);
      nextEvent += 1;
      event = events[nextEvent];
    }
    blockEnd = Math.min(blockStart + BLOCK_FRAMES, event?.at ?? Infinity);
    left.fill(0);
    right.fill(0);
    instrument.process(left, right, blockEnd - blockStart);
    unbiasLeft(left, blockEnd - blockStart);
    unbiasRight(right, blockEnd - blockStart);
  }

  // Equal power, 0 dB in the middle. Square roots, unlike sines, are the same on every engine.
  const gainLeft = voice.gain * Math.sqrt(1 - voice.pan);
  const gainRight = voice.gain * Math.sqrt(1 + voice.pan);
  return {
    position: () => position,
    skipTo(frame) {
      while (blockEnd <= frame) renderBlock();
      position = frame;
    },
    render(outLeft, outRight) {
      for (let i = 0; i < outLeft.length; i += 1) {
        while (position >= blockEnd) renderBlock();
        outLeft[i] = (left[position - blockStart] ?? 0) * gainLeft;
        outRight[i] = (right[position - blockStart] ?? 0) * gainRight;
        position += 1;
      }
    },
  };
}

/**
 * Takes the offset out of recordings that have one (strings: -54 dB), in place: a one-pole high-pass at
 * 8 Hz. Julius O. Smith, "Introduction to Digital Filters", DC blocker.
 */
function createDcBlocker(sampleRate: number): (samples: Float32Array, count: number) => void {
  const pole = 1 - (2 * Math.PI * 8) / sampleRate;
  let before = 0;
  let level = 0;
  return (samples, count) => {
    for (let i = 0; i < count; i += 1) {
      const sample = samples[i] ?? 0;
      level = sample - before + pole * level;
      // A decay without end would reach denormal numbers, which are slow.
      if (Math.abs(level) < 1e-9) level = 0;
      before = sample;
      samples[i] = level;
    }
  };
}

/** In order of time. What lies on one frame keeps its order: a pitch ends before it is struck anew. */
const inOrder = (events: readonly NoteEvent[]): readonly NoteEvent[] =>
  events.toSorted((a, b) => a.at - b.at);

const pitchedEvents = (notes: readonly FrameNote[]): readonly NoteEvent[] =>
  inOrder(
    notes.flatMap(({ at, end, pitch, velocity }) => [
      { at, pitch, velocity },
      { at: Math.max(end, at + 1), pitch, velocity: 0 },
    ]),
  );

/** Drums ring out: their ends are not sent. Each starts early by the silence in its recording. */
const drumEvents = (
  notes: readonly FrameNote[],
  voice: Voice,
  onsetOf: (key: number) => number,
): readonly NoteEvent[] =>
  inOrder(
    notes.map(({ at, pitch, velocity }) => {
      const key = keyOf(voice, pitch);
      return { at: at - onsetOf(key), pitch: key, velocity };
    }),
  );
