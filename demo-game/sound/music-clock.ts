import type { Scene } from "@babylonjs/core/scene.js";
import type { Soundtrack } from "attacca";
import { actOn } from "attacca/babylon";
import type { MusicClock } from "../play.ts";

/** Between two looks at the tempo, in milliseconds. */
const LOOK = 200;

/** Beats, tempo and the lantern's downbeat as they are heard. */
export function createMusicClock(scene: Scene, music: Soundtrack): MusicClock {
  const heard = { beats: 0, tempo: 96, lightsAt: undefined as number | undefined };
  actOn(scene, music, "beat", () => {
    heard.beats += 1;
  });
  music.on("hit", ({ audibleAt }) => {
    heard.lightsAt = audibleAt;
  });
  setInterval(() => {
    heard.tempo = music.snapshot().tempo;
  }, LOOK);
  return {
    takeBeats: () => {
      const { beats } = heard;
      heard.beats = 0;
      return beats;
    },
    phase: () => music.phase("beat"),
    tempo: () => heard.tempo,
    lightsIn: () => {
      if (heard.lightsAt === undefined) return undefined;
      const { currentTime, outputLatency, state } = music.audioContext;
      // A clock that stands still meets no moment: the game goes on by its own.
      if (state !== "running") return undefined;
      const left =
        heard.lightsAt + (Number.isFinite(outputLatency) ? outputLatency : 0) - currentTime;
      if (left <= 0) heard.lightsAt = undefined;
      return Math.max(0, left);
    },
  };
}
