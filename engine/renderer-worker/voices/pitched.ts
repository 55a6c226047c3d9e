import { approach, hertzOf, sine } from "./arithmetic.ts";
import { createFilter, type Filter } from "./filter.ts";
import { placeOf, type Instrument, type Section } from "./instrument.ts";
import type { Patch } from "./patches.ts";
import { waveAt } from "./wave.ts";

/** Notes that sound at once, releases included; the softest goes when another is struck. */
const POLYPHONY = 24;
/** Frames between movements of pitch, filter and bend. */
const SLICE = 32;
/** A note that has come down to it (-100 dB) is over. */
const SILENCE = 1e-5;
/** Frequency of vibrato and of drifting filters, hertz, and seconds until vibrato begins. */
const VIBRATO_RATE = 5.3;
const DRIFT_RATE = 0.23;
const VIBRATO_AFTER = 0.35;
/** The golden section: oscillators start spread over the cycle, and no two notes alike. */
const GOLDEN = 0.618033988749895;

/** An oscillator of a note, placed. */
interface Oscillator {
  phase: number;
  bendPhase: number;
  readonly ratio: number;
  readonly left: number;
  readonly right: number;
}

interface Note {
  pitch: number;
  section: Section;
  /** Gains of the place where its section sits. */
  toLeft: number;
  toRight: number;
  held: boolean;
  rising: boolean;
  /** Envelope, 0–1; 0 when the note is over. */
  level: number;
  /** Frames since it was struck. */
  age: number;
  /** Velocity as loudness and as brightness. */
  loudness: number;
  brightness: number;
  subPhase: number;
  /** What is left of the filter's and the bend's start, 1 to 0. */
  sweep: number;
  struck: number;
  readonly oscillators: readonly Oscillator[];
  readonly left: Filter;
  readonly right: Filter;
}

const CENT = 0.0005777895;

/** From -1 to 1, one for each oscillator. */
const placesOf = (unison: number): readonly number[] =>
  Array.from({ length: unison }, (_, nth) => (unison === 1 ? 0 : (2 * nth) / (unison - 1) - 1));

const createNote = (patch: Patch, sampleRate: number): Note => ({
  pitch: 0,
  section: "all",
  toLeft: 1,
  toRight: 1,
  held: false,
  rising: false,
  level: 0,
  age: 0,
  loudness: 0,
  brightness: 0,
  subPhase: 0,
  sweep: 0,
  struck: 0,
  oscillators: placesOf(patch.unison ?? 1).map((place) => {
    const side = place * (patch.spread ?? 0);
    const share = 1 / Math.sqrt(patch.unison ?? 1);
    return {
      phase: 0,
      bendPhase: 0,
      ratio: 1 + (place * (patch.detune ?? 0) * CENT) / 2,
      left: share * Math.sqrt(1 - side),
      right: share * Math.sqrt(1 + side),
    };
  }),
  left: createFilter(sampleRate),
  right: createFilter(sampleRate),
});

/**
 * Opens an instrument with pitches, whose sections stand so far apart. Deterministic: the same calls give the
 * same samples, on every engine.
 */
export function openPitched(patch: Patch, sampleRate: number, apart = 0): Instrument {
  const notes = Array.from({ length: POLYPHONY }, () => createNote(patch, sampleRate));
  const play = createPlayer(patch, sampleRate);
  let struck = 0;

  return {
    noteOn(pitch, velocity, section) {
      const note = notes.reduce((softest, other) =>
        other.level < softest.level ? other : softest,
      );
      const touch = velocity / 127;
      struck += 1;
      const place = placeOf(section, apart);
      note.pitch = pitch;
      note.section = section;
      note.toLeft = Math.sqrt(1 - place);
      note.toRight = Math.sqrt(1 + place);
      note.held = true;
      note.rising = true;
      note.level = SILENCE;
      note.age = 0;
      note.loudness = touch * Math.sqrt(touch);
      note.brightness = 0.25 + 0.75 * touch;
      note.subPhase = 0;
      note.sweep = 1;
      note.struck = 1;
      for (const [nth, oscillator] of note.oscillators.entries()) {
        const turn = (struck * GOLDEN + nth * 0.37) % 1;
        oscillator.phase = patch.wave === "sine" || nth === 0 ? 0.5 : turn;
        oscillator.bendPhase = 0;
      }
      note.left.reset();
      note.right.reset();
    },
    noteOff(pitch, section) {
      for (const note of notes) {
        if (note.pitch === pitch && note.section === section) note.held = false;
      }
    },
    process(left, right, frames) {
      for (let from = 0; from < frames; from += SLICE) {
        const to = Math.min(frames, from + SLICE);
        for (const note of notes) if (note.level > 0) play(note, left, right, from, to);
      }
    },
  };
}

type Player = (
  note: Note,
  left: Float32Array,
  right: Float32Array,
  from: number,
  to: number,
) => void;

/** What plays one note for one slice. */
function createPlayer(patch: Patch, sampleRate: number): Player {
  const { wave, filter, bend, width = 0.5, sub = 0, vibrato = 0, sustain } = patch;
  const rise = 1 / (patch.attack * sampleRate);
  const decay = approach(patch.decay, sampleRate);
  const fall = 1 - approach(patch.release, sampleRate);
  const sweepFall = approach((filter?.decay ?? 1) / SLICE, sampleRate);
  const bendFall = approach((bend?.decay ?? 1) / SLICE, sampleRate);
  const isWide = (patch.spread ?? 0) > 0;

  function tune(note: Note, hertz: number): void {
    if (filter === undefined) return;
    const moved = 1 + (filter.drift ?? 0) * sine((note.age * DRIFT_RATE) / sampleRate);
    const open = (filter.open * moved + filter.sweep * note.sweep) * note.brightness;
    const cutoff = Math.max(filter.floor * note.brightness, hertz * open);
    note.left.tune(cutoff, filter.damping);
    if (isWide) note.right.tune(cutoff, filter.damping);
  }

  /** Cycles by which the sine is bent, less where its side bands would pass half the sample rate. */
  function depthOf(note: Note, step: number): number {
    if (bend === undefined) return 0;
    const most = Math.max(0, (0.45 - step) / (step * bend.ratio) - 1) / (2 * Math.PI);
    const wanted = (bend.held + (bend.struck - bend.held) * note.struck) * note.brightness;
    return Math.min(wanted, most);
  }

  // One slice, so that loops run on plain numbers and arrays.
  const sumLeft = new Float64Array(SLICE);
  const sumRight = new Float64Array(SLICE);

  function addOscillator(oscillator: Oscillator, step: number, depth: number, count: number): void {
    const { left, right } = oscillator;
    const own = step * oscillator.ratio;
    const bendStep = own * (bend?.ratio ?? 0);
    let { phase, bendPhase } = oscillator;
    for (let i = 0; i < count; i += 1) {
      phase += own;
      if (phase >= 1) phase -= 1;
      bendPhase += bendStep;
      const bent = depth > 0 ? depth * sine(bendPhase) : 0;
      const sample = waveAt(wave, phase, own, width, bent);
      sumLeft[i] = (sumLeft[i] ?? 0) + sample * left;
      sumRight[i] = (sumRight[i] ?? 0) + sample * right;
    }
    oscillator.phase = phase;
    oscillator.bendPhase = bendPhase - Math.floor(bendPhase);
  }

  function addSub(note: Note, step: number, count: number): void {
    let phase = note.subPhase;
    for (let i = 0; i < count; i += 1) {
      phase += step / 2;
      const low = sub * sine(phase);
      sumLeft[i] = (sumLeft[i] ?? 0) + low;
      sumRight[i] = (sumRight[i] ?? 0) + low;
    }
    note.subPhase = phase - Math.floor(phase);
  }

  /** Puts the envelope on the slice, in place. */
  function shape(note: Note, count: number): void {
    const { held, loudness } = note;
    let { level, rising } = note;
    rising &&= held;
    for (let i = 0; i < count; i += 1) {
      if (!held) level *= fall;
      else if (rising) level += rise;
      else level += (sustain - level) * decay;
      if (rising && level >= 1) {
        level = 1;
        rising = false;
      }
      if (level < SILENCE) level = 0;
      sumLeft[i] = (sumLeft[i] ?? 0) * level * loudness;
      sumRight[i] = (sumRight[i] ?? 0) * level * loudness;
    }
    note.level = level;
    note.rising = rising;
  }

  return (note, left, right, from, to) => {
    const count = to - from;
    const hertz = hertzOf(note.pitch);
    const wobble = note.age > VIBRATO_AFTER * sampleRate ? vibrato * CENT : 0;
    const moved = 1 + wobble * sine((note.age * VIBRATO_RATE) / sampleRate);
    const step = Math.min(0.45, (hertz * moved) / sampleRate);
    const depth = depthOf(note, step);
    tune(note, hertz);
    sumLeft.fill(0);
    sumRight.fill(0);
    for (const oscillator of note.oscillators) addOscillator(oscillator, step, depth, count);
    if (filter !== undefined) {
      note.left.run(sumLeft, count, "low");
      if (isWide) note.right.run(sumRight, count, "low");
      else sumRight.set(sumLeft);
    }
    if (sub > 0) addSub(note, step, count);
    shape(note, count);
    const { toLeft, toRight } = note;
    for (let i = 0; i < count; i += 1) {
      left[from + i] = (left[from + i] ?? 0) + (sumLeft[i] ?? 0) * toLeft;
      right[from + i] = (right[from + i] ?? 0) + (sumRight[i] ?? 0) * toRight;
    }
    note.age += count;
    note.sweep -= note.sweep * sweepFall;
    note.struck -= note.struck * bendFall;
  };
}
