import type { Scene } from "@babylonjs/core/scene.js";
import type { Soundtrack } from "attacca";
import { pulseOn } from "attacca/babylon";
import { steadyPulse } from "./steady-pulse.ts";

/**
 * Light that beats with the music: 1 when a beat is heard, then fading to 0. Beats that come faster than is safe to
 * see, which this score does not ask for, are passed over. What it moves is to change by a tenth of full light at most.
 */
export function createPulse(scene: Scene, music: Pick<Soundtrack, "phase">): () => number {
  const steady = steadyPulse();
  let light = 0;
  pulseOn(scene, music, (value) => {
    light = steady(value, scene.getEngine().getDeltaTime() / 1000);
  });
  return () => light;
}
