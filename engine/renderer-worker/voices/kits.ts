import type { KitPatch } from "../service.ts";

/** What makes one drum: a bent sine that falls, and filtered noise. Times are seconds until 63 % are gone. */
export interface Drum {
  readonly tone?: {
    /** Hertz at the start and after the fall. */
    readonly from: number;
    readonly to: number;
    readonly fall: number;
    readonly level: number;
    readonly decay: number;
    /** A second sine, as a multiple of the first, and cycles by which it bends: metal when it is no whole number. */
    readonly metal?: readonly [ratio: number, depth: number];
  };
  readonly noise?: {
    /** Hertz; what is above it passes, or with `low` what is below. */
    readonly cutoff: number;
    readonly low?: boolean;
    readonly level: number;
    readonly decay: number;
    /** Strokes before the last one, 11 ms apart: a clap. */
    readonly strokes?: number;
    /** Hertz at which the noise changes, for the noise of old chips. Default: every frame. */
    readonly rate?: number;
  };
  /** Drums of one group cut each other off. */
  readonly group?: number;
}

/** By General MIDI key: those that `drum-keys.ts` keeps. */
export type Kit = Readonly<Record<number, Drum>>;

const tom = (hertz: number): Drum => ({
  tone: { from: hertz * 1.9, to: hertz, fall: 0.035, level: 0.75, decay: 0.16 },
  noise: { cutoff: 2_000, low: true, level: 0.35, decay: 0.02 },
});
const hat = (decay: number, level: number): Drum => ({
  tone: { from: 5_200, to: 5_200, fall: 1, level: level / 4, decay, metal: [1.483, 1.1] },
  noise: { cutoff: 7_500, level, decay },
  group: 1,
});

const MACHINE: Kit = {
  36: {
    tone: { from: 210, to: 49, fall: 0.022, level: 1.15, decay: 0.15 },
    noise: { cutoff: 3_500, low: true, level: 0.35, decay: 0.004 },
  },
  37: {
    tone: { from: 1_750, to: 1_690, fall: 0.01, level: 0.35, decay: 0.012, metal: [1.31, 0.2] },
    noise: { cutoff: 2_500, level: 0.3, decay: 0.01 },
  },
  38: {
    tone: { from: 320, to: 188, fall: 0.014, level: 0.55, decay: 0.07 },
    noise: { cutoff: 1_800, level: 0.6, decay: 0.085 },
  },
  39: { noise: { cutoff: 1_300, level: 0.6, decay: 0.07, strokes: 3 } },
  41: tom(82),
  42: hat(0.022, 0.5),
  44: hat(0.03, 0.35),
  45: tom(110),
  46: hat(0.17, 0.45),
  47: tom(146),
  50: tom(190),
  51: {
    tone: { from: 3_900, to: 3_900, fall: 1, level: 0.12, decay: 0.35, metal: [1.371, 0.6] },
    noise: { cutoff: 6_500, level: 0.22, decay: 0.28 },
  },
  54: {
    tone: { from: 6_900, to: 6_900, fall: 1, level: 0.12, decay: 0.07, metal: [1.217, 0.8] },
    noise: { cutoff: 8_000, level: 0.35, decay: 0.06 },
  },
  56: { tone: { from: 562, to: 555, fall: 0.01, level: 0.35, decay: 0.08, metal: [1.504, 0.35] } },
  57: {
    tone: { from: 4_300, to: 4_300, fall: 1, level: 0.12, decay: 0.45, metal: [1.417, 1.3] },
    noise: { cutoff: 4_500, level: 0.5, decay: 0.42 },
  },
  70: { noise: { cutoff: 6_000, level: 0.4, decay: 0.02 } },
};

const crunch = (rate: number, level: number, decay: number): Drum => ({
  noise: { cutoff: 300, level, decay, rate },
});
const blip = (from: number, to: number, decay: number): Drum => ({
  tone: { from, to, fall: decay / 2, level: 0.75, decay, metal: [1, 0.18] },
});

const CHIP: Kit = {
  36: { ...blip(260, 52, 0.09), ...crunch(3_000, 0.3, 0.008) },
  37: crunch(9_000, 0.45, 0.012),
  38: { ...blip(330, 170, 0.03), ...crunch(8_000, 0.6, 0.07) },
  39: crunch(11_000, 0.55, 0.05),
  41: blip(220, 80, 0.1),
  42: { ...crunch(22_000, 0.35, 0.018), group: 1 },
  44: { ...crunch(22_000, 0.28, 0.024), group: 1 },
  45: blip(290, 110, 0.1),
  46: { ...crunch(20_000, 0.32, 0.11), group: 1 },
  47: blip(370, 145, 0.09),
  50: blip(460, 190, 0.08),
  51: crunch(18_000, 0.25, 0.14),
  54: crunch(20_000, 0.3, 0.035),
  56: blip(820, 780, 0.05),
  57: crunch(13_000, 0.5, 0.3),
  70: crunch(20_000, 0.3, 0.016),
};

export const KITS: Readonly<Record<KitPatch, Kit>> = { machine: MACHINE, chip: CHIP };
