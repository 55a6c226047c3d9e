import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { buildMesh, createSketch, paint, triangle, tube } from "../shapes/shapes.ts";

/** A small lantern that hangs around its own origin. */
export function createLantern(scene: Scene, material: ShaderMaterial): Mesh {
  const sketch = createSketch();
  const iron = { paint: paint("#1a1418") };
  const glass = { paint: paint("#ffd58a", 1) };
  const core = { paint: paint("#fff3d2", 1) };
  tube(
    sketch,
    [
      { at: [0, -0.17, 0], radius: 0.1, ...iron },
      { at: [0, -0.13, 0], radius: 0.1, ...iron },
      { at: [0, -0.12, 0], radius: 0.075, ...glass },
      { at: [0, 0, 0], radius: 0.09, ...core },
      { at: [0, 0.1, 0], radius: 0.07, ...glass },
      { at: [0, 0.105, 0], radius: 0.11, ...iron },
      { at: [0, 0.2, 0], radius: 0, ...iron },
    ],
    { sides: 6 },
  );
  const stick = { paint: paint("#2b2024") };
  triangle(
    sketch,
    [
      [-0.015, 0.2, 0],
      [0.015, 0.2, 0],
      [0, 0.42, -0.12],
    ],
    stick,
  );
  return buildMesh("lantern", sketch, { scene, material });
}
