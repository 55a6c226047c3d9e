import type { Scene } from "@babylonjs/core/scene.js";
import type { Soundtrack } from "attacca";
import { pulseOn } from "attacca/babylon";

/** Light that beats with the music: 1 when a beat is heard, then fading to 0. */
export function createPulse(scene: Scene, music: Pick<Soundtrack, "phase">): () => number {
  let light = 0;
  pulseOn(scene, music, (value) => {
    light = value;
  });
  return () => light;
}
