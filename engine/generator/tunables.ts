/**
 * Every number that a musician might want to turn. Probabilities and shares are within [0, 1],
 * penalties and bonuses are nats added to logits.
 */
export const TUNABLES = {
  /** Colder than 1 by a little: at 1 one draw in ten leaves the style, below .9 phrases repeat. */
  temperature: 0.95,
  /** The least likely twentieth holds most of the wrong notes and few of the surprising ones. */
  topP: 0.95,
  /** Chords and octaves are structure, so they are drawn colder. */
  structureTemperature: 0.85,
  structureTopP: 0.9,
  /**
   * What others lean on comes first: chords, then harmony and bass, melody over them, counter around
   * the melody, drums last. Stages overlap, since a lane that is half known still informs the others.
   */
  stages: {
    chords: { from: 0, to: 0.25 },
    harmony: { from: 0.1, to: 0.55 },
    bass: { from: 0.1, to: 0.6 },
    melody: { from: 0.25, to: 0.85 },
    counter: { from: 0.45, to: 0.95 },
    drums: { from: 0.5, to: 1 },
  },
  /** Noise on the order in which cells are decided: without it the safest cells come first, rests among them. */
  orderNoise: 0.6,
  /** Added to an onset's place in the order for each metric weight (0–4): strong beats are decided first. */
  strongBeatFirst: 0.5,
  /** Passes at the end that rewrite what is least certain, from this many passes in all upwards. */
  revisions: [
    { from: 8, passes: 2 },
    { from: 4, passes: 1 },
  ],
  /** Share of a stem's onsets and of its other cells that one revision masks again. */
  revisedOnsets: 0.15,
  revisedOthers: 0.08,
  /** Each tone of a chord that is foreign to the scale; and how much sooner downbeats get theirs. */
  foreignChordTone: 0.4,
  downbeatChordFirst: 1,
  /** A pitch outside the scale and the chord: rarer, not forbidden. */
  outOfScale: 1.2,
  /** A bass note outside the chord where the metric weight is 3 or more: as good as forbidden. */
  bassOffChord: 8,
  /** Each semitone of a melodic interval beyond the free ones: large leaps are .075 of real melodies. */
  leap: 0.35,
  freeLeap: 7,
  /** Slots within which two notes of a line count as neighbours. */
  leapReach: 16,
  /** How far the onset odds may be pushed to meet a density, either way. */
  densityReach: 10,
  /**
   * Onsets a slot that part the density levels 1 | 2 | 3 | 4, by stem (for drums slots with a hit):
   * the quartiles of the training bars.
   */
  densityCuts: {
    melody: [0.167, 0.25, 0.417],
    counter: [0.167, 0.25, 0.5],
    harmony: [0.167, 0.312, 0.5],
    bass: [0.125, 0.167, 0.312],
    drums: [0.5, 0.688, 0.938],
  },
} as const;
