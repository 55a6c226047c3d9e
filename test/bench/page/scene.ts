import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Scene } from "@babylonjs/core/scene.js";
import "@babylonjs/core/Materials/standardMaterial.js";
import { createSoundtrack } from "attacca";
import { attachSoundtrack } from "attacca/babylon";
import { until } from "../../helpers/game.ts";
import { SCORE } from "../../soak/page/score.ts";
import { modelWrites } from "./model-writes.ts";

/** Small, as the picture may be drawn by the processor. */
const WIDTH = 320;
const HEIGHT = 180;
const BOXES = 60;

export type Accompaniment = "no music" | "bank alone" | "model writes";

function furnish(engine: Engine): { readonly scene: Scene; readonly camera: FreeCamera } {
  const scene = new Scene(engine);
  const camera = new FreeCamera("camera", new Vector3(0, 2, -12), scene);
  const light = new HemisphericLight("light", new Vector3(0, 1, 0), scene);
  light.intensity = 0.9;
  const boxes = Array.from({ length: BOXES }, (_, index) => {
    const box = CreateBox(`box ${index}`, { size: 0.8 }, scene);
    box.position.set((index % 10) * 1.5 - 7, Math.floor(index / 10) * 1.5 - 3, 4);
    return box;
  });
  scene.onBeforeRenderObservable.add(() => {
    for (const [index, box] of boxes.entries()) box.rotation.y += 0.01 + 0.0005 * index;
  });
  return { scene, camera };
}

/** A scene that turns boxes, with music by the integration; resolves when it plays what is wanted. */
export async function open(accompaniment: Accompaniment): Promise<void> {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.append(canvas);
  const engine = new Engine(canvas, false);
  const { scene, camera } = furnish(engine);
  let frames = 0;
  engine.runRenderLoop(() => {
    frames += 1;
    scene.render();
  });
  await until(() => frames > 30, 60, "the scene's frames");
  if (accompaniment === "no music") return;
  const music = await createSoundtrack({
    score: SCORE,
    generator: accompaniment === "bank alone" ? "off" : "wasm",
    // Frames that the processor draws would have the governor hold the model back, which is to be measured.
    quality: "full",
  });
  attachSoundtrack(scene, music, {
    listener: camera,
    zones: [],
    intensity: () => 0.5 + 0.5 * Math.sin(performance.now() / 9000),
  });
  music.set("location", "meadow");
  await music.start();
  if (accompaniment === "model writes") await modelWrites(music);
}
