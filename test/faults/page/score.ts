/** One tempo and meter throughout, so that every seam lies on one grid of beats. */
export const SCORE = `
attacca: 1
title: A game with faults
tempo: 116
key: D dorian
phrase: 4 bars
moods:
  calm:
    arousal: 0.3
    stems: { melody: 0, counter: 0, harmony: 0, bass: 0, drums: 0 }
  danger:
    valence: -0.3
    arousal: 0.9
    stems: { melody: 0, counter: 0, harmony: 0, bass: 0, drums: 0 }
locations:
  meadow: { palette: plucked, mood: calm }
  cave: { palette: crystal, mood: danger }
transitions:
  - { from: danger, to: any, at: bar, bridge: { length: 1 bar } }
  - { from: any, to: any, at: beat, fade: 1 beat }
`;

/** Seconds of a beat and of a phrase of that score. */
export const BEAT = 60 / 116;
export const PHRASE = 16 * BEAT;
