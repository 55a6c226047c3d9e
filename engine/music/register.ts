/**
 * MIDI pitches of a bass: from E1, the lowest string of a double bass or bass guitar, below which small
 * loudspeakers are silent, to C4, above which 1 % of the bass notes of held-out scores lie, and none of games.
 */
const BASS_RANGE: readonly [lowest: number, highest: number] = [28, 60];

/** The pitch of a bass note, moved by octaves into `BASS_RANGE`: another octave, never another note. */
export function inBassRange(pitch: number): number {
  const [lowest, highest] = BASS_RANGE;
  if (pitch < lowest) return pitch + 12 * Math.ceil((lowest - pitch) / 12);
  if (pitch > highest) return pitch - 12 * Math.ceil((pitch - highest) / 12);
  return pitch;
}
