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
  /** Share of a stem's onsets, and of its holds and rests, that one revision masks again. */
  revisedOnsets: 0.15,
  revisedOthers: 0.06,
  /** Each tone of a chord that is foreign to the scale; and how much sooner downbeats get theirs. */
  foreignChordTone: 0.4,
  downbeatChordFirst: 1,
  /** A pitch outside the scale and the chord: rarer, not forbidden. */
  outOfScale: 0.5,
  /** A bass note outside the chord where the metric weight is 3 or more: as good as forbidden. */
  bassOffChord: 8,
  /**
   * Added to a pitch for its interval (0, 1, 2, … 12 semitones, then more) from the neighbouring
   * notes, which do not know each other within a pass: it favours steps over wandering. Fitted to the
   * shipped weights, in four rounds of 24 takes, towards the interval shares of the held-out works: how
   * near samples come to those shares is therefore no independent test. The melody's last entry is the
   * exception: the fit gave 0.8, which lets leaps beyond an octave through where the network has no
   * opinion; it was lowered by hand.
   */
  intervals: {
    melody: [
      -0.56, 1.41, 0.65, 0.07, -0.08, -0.46, 0.21, -0.35, 0.05, -0.81, -0.37, -1.5, 0.04, -0.3,
    ],
    counter: [
      -0.34, 1.25, 0.49, -0.08, -0.17, -0.28, 0.5, -0.18, -0.4, -0.28, -0.27, -0.92, 0.02, 0.15,
    ],
    bass: [-0.47, 1.5, 0.84, -0.07, -0.5, -0.52, 0.62, -0.3, 0.06, -0.28, 0.01, 1.08, -0.61, -0.42],
  },
  /** And for each semitone beyond an octave. */
  leap: 0.35,
  /** A drum that the bar before or after has at the same place; and a cymbal in use around, by log(1 + hits). */
  drumEcho: 0.9,
  cymbalHabit: 0.8,
  /** Each note of a chord after the first. */
  fullness: 0.25,
  /** Each semitone by which the middle of a chord moves beyond the free ones, from its neighbours. */
  chordMove: 0.16,
  freeChordMove: 3,
  /** Slots within which two notes of a line count as neighbours. */
  intervalReach: 16,
  /** How far the onset odds may be pushed to meet a density, either way. */
  densityReach: 10,
  /** How far the odds of rest against hold may be pushed to keep the rests that were expected. */
  restReach: 4,
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
