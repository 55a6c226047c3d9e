/**
 * Every kind of change that a score can ask for, in meters and tempos whose bars are no whole number of
 * samples. In every mood a stem plays at any intensity, though it may rest.
 */
export const SCORE = `
attacca: 1
title: Soak
tempo: 107
key: D dorian
palette: plucked
phrase: 4 bars
signals:
  intensity: { attack: 200ms, release: 1s }
  health: { range: [0, 100], initial: 100, attack: 0s, release: 0s }
moods:
  calm:
    valence: 0.3
    arousal: 0.3
    stems: { harmony: 0, bass: 0, melody: 0.2, counter: 0.5, drums: 0.6 }
    markers: { turn: 2 bars }
  danger:
    valence: -0.4
    arousal: 0.9
    tempo: 143
    key: D aeolian
    style: game-driving
    stems: { drums: 0, bass: 0, harmony: 0, melody: 0.3, counter: 0.7 }
  boss:
    inherit: danger
    tempo: 131
    meter: 12/8
    key: E aeolian
  mystery:
    valence: -0.2
    arousal: 0.4
    tempo: 97
    meter: 3/4
    key: D aeolian
    stems: { harmony: 0, melody: 0, bass: 0.4 }
locations:
  meadow: { palette: plucked, mood: calm }
  cave: { palette: crystal, mood: mystery, colour: { room: 0.4, brightness: 0.7 } }
  hall: { palette: wooden, mood: calm, colour: { level: -3dB } }
stingers:
  alarm: { at: beat, length: 1 bar, stems: [harmony, drums], cooldown: 3s, duck: -6dB, next: cut }
  fanfare: { at: bar, length: 2 bars, cooldown: 10s }
rules:
  - { when: "intensity > 0.75", until: "intensity < 0.5", mood: danger, for: 2 bars }
  - { when: "intensity > 0.6 and health < 40", until: "health > 60", mood: boss, priority: 1 }
transitions:
  - { from: danger, to: boss, at: bar, bridge: 2 bars, fade: 1 beat }
  - { from: any, to: danger, at: beat, fade: 1 beat }
  - { from: danger, to: calm, at: phrase, fade: 2 bars, enter: last position }
  - { from: calm, to: mystery, at: marker turn, fade: 0s }
  - { from: mystery, to: any, at: bar, fade: 1 bar, enter: equivalent beat }
  - { from: any, to: any, at: bar, fade: 400ms }
`;
