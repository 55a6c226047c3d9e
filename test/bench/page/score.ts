/** Five stems all the time, 120 bpm, so that eight bars are 16 s; phrases of four bars as by default. */
export const SCORE = `
attacca: 1
title: Benchmark
tempo: 120
meter: 4/4
key: D dorian
phrase: 4 bars
moods:
  walk: { valence: 0.3, arousal: 0.5 }
`;
