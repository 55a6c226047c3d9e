import type { Soundtrack } from "attacca";

/** Seconds for the light of a beat to fade to a third. */
const FADE = 0.28;

/** Light that beats with the music: 1 when a beat is heard, more on the first of a bar, then fading to 0. */
export function createPulse(music: Pick<Soundtrack, "on" | "audioContext">): () => number {
  // Beats are told of before they sound.
  const coming: { at: number; strength: number }[] = [];
  let last = { at: -1, strength: 0 };
  music.on("beat", ({ beat, audibleAt }) => {
    coming.push({ at: audibleAt, strength: beat === 0 ? 1 : 0.55 });
  });
  return () => {
    const now = music.audioContext.currentTime;
    for (let next = coming[0]; next !== undefined && next.at <= now; next = coming[0]) {
      last = next;
      coming.shift();
    }
    return last.strength * Math.exp(-(now - last.at) / FADE);
  };
}
