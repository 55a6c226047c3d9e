import type { Engine } from "@babylonjs/core/Engines/engine.js";
import type { Scene } from "@babylonjs/core/scene.js";

/** Frames that are looked at together. */
const WINDOW = 20;
/** Milliseconds a frame: above the first the picture gets coarser, below the second finer again. */
const TOO_SLOW = 40;
const EASY = 15;
const STEP = 1.25;
const COARSEST = 2.4;

/** Draws fewer pixels on machines that cannot keep up; generator and game need time as well. */
export function governResolution(engine: Engine, scene: Scene): void {
  const finest = 1 / Math.min(devicePixelRatio, 1.5);
  let level = finest;
  let frames = 0;
  let time = 0;
  engine.setHardwareScalingLevel(level);
  scene.onAfterRenderObservable.add(() => {
    frames += 1;
    time += Math.min(250, engine.getDeltaTime());
    if (frames < WINDOW) return;
    const mean = time / frames;
    frames = 0;
    time = 0;
    const wanted = mean > TOO_SLOW ? level * STEP : mean < EASY ? level / STEP : level;
    const next = Math.max(finest, Math.min(COARSEST, wanted));
    if (next === level) return;
    level = next;
    engine.setHardwareScalingLevel(level);
  });
}
