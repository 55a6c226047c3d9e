import type { PitchedPatch } from "../service.ts";
import type { Wave } from "./wave.ts";

/** What makes a synthesised instrument. Times are seconds; those of decays and releases are until 63 % are gone. */
export interface Patch {
  readonly wave: Wave;
  /** Oscillators of one note. Default 1. */
  readonly unison?: number;
  /** Cents between the outermost of them. */
  readonly detune?: number;
  /** How far apart they stand, 0–1. */
  readonly spread?: number;
  /** Share of a cycle that a pulse is high. */
  readonly width?: number;
  /** Level of a sine an octave below. */
  readonly sub?: number;
  readonly attack: number;
  readonly decay: number;
  /** Level that a held note decays to, 0–1. */
  readonly sustain: number;
  readonly release: number;
  /** A low-pass filter; cutoffs are multiples of the pitch at the hardest touch. */
  readonly filter?: {
    readonly open: number;
    /** Added at the start of a note, gone after `decay`. */
    readonly sweep: number;
    readonly decay: number;
    /** Hertz, below which it never closes. */
    readonly floor: number;
    /** 1 / Q. */
    readonly damping: number;
    /** Slow movement, as a share of the cutoff. */
    readonly drift?: number;
  };
  /** A second sine that bends the first: its pitch as a multiple, and cycles of bend at the start and held. */
  readonly bend?: {
    readonly ratio: number;
    readonly struck: number;
    readonly held: number;
    readonly decay: number;
  };
  /** Vibrato in cents, once a note has lasted. */
  readonly vibrato?: number;
}

export const PATCHES: Readonly<Record<PitchedPatch, Patch>> = {
  // A round bass that small speakers hear by its bent sine.
  sub: {
    wave: "sine",
    attack: 0.006,
    decay: 0.6,
    sustain: 0.7,
    release: 0.07,
    bend: { ratio: 1, struck: 0.3, held: 0.09, decay: 0.12 },
  },
  reese: {
    wave: "saw",
    unison: 3,
    detune: 28,
    spread: 0.5,
    sub: 0.7,
    attack: 0.004,
    decay: 0.5,
    sustain: 0.75,
    release: 0.06,
    filter: { open: 5, sweep: 9, decay: 0.14, floor: 120, damping: 1.1, drift: 0.3 },
  },
  warm: {
    wave: "saw",
    unison: 3,
    detune: 18,
    spread: 0.9,
    attack: 0.16,
    decay: 1.2,
    sustain: 0.8,
    release: 0.32,
    filter: { open: 3.2, sweep: 1.5, decay: 0.7, floor: 250, damping: 1.5, drift: 0.25 },
  },
  // Two bent sines a little apart: a pad of glass.
  shimmer: {
    wave: "sine",
    unison: 2,
    detune: 9,
    spread: 0.9,
    attack: 0.11,
    decay: 1.5,
    sustain: 0.7,
    release: 0.38,
    bend: { ratio: 3, struck: 0.22, held: 0.1, decay: 1.1 },
  },
  pluck: {
    wave: "saw",
    unison: 2,
    detune: 10,
    spread: 0.6,
    attack: 0.002,
    decay: 0.26,
    sustain: 0,
    release: 0.1,
    filter: { open: 1.5, sweep: 12, decay: 0.07, floor: 200, damping: 0.9 },
  },
  keys: {
    wave: "sine",
    unison: 2,
    detune: 5,
    spread: 0.5,
    attack: 0.002,
    decay: 0.9,
    sustain: 0,
    release: 0.09,
    bend: { ratio: 1, struck: 0.34, held: 0.05, decay: 0.3 },
  },
  lead: {
    wave: "saw",
    unison: 2,
    detune: 12,
    spread: 0.35,
    attack: 0.008,
    decay: 0.35,
    sustain: 0.7,
    release: 0.12,
    vibrato: 14,
    filter: { open: 7, sweep: 5, decay: 0.2, floor: 500, damping: 1.1 },
  },
  bell: {
    wave: "sine",
    unison: 2,
    detune: 4,
    spread: 0.7,
    attack: 0.002,
    decay: 0.55,
    sustain: 0,
    release: 0.38,
    bend: { ratio: 3.5, struck: 0.12, held: 0.015, decay: 0.22 },
  },
  square: {
    wave: "pulse",
    width: 0.5,
    attack: 0.002,
    decay: 0.25,
    sustain: 0.55,
    release: 0.03,
    filter: { open: 24, sweep: 0, decay: 1, floor: 2500, damping: 1.6 },
  },
  pulse: {
    wave: "pulse",
    width: 0.25,
    attack: 0.002,
    decay: 0.3,
    sustain: 0.7,
    release: 0.04,
    vibrato: 18,
    filter: { open: 24, sweep: 0, decay: 1, floor: 2500, damping: 1.6 },
  },
  triangle: {
    wave: "triangle",
    attack: 0.002,
    decay: 1,
    sustain: 0.9,
    release: 0.02,
    filter: { open: 24, sweep: 0, decay: 1, floor: 1200, damping: 1.6 },
  },
};
