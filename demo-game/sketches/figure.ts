import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { blend, buildMesh, createSketch, paint, triangle, tube } from "../shapes/shapes.ts";

/** A hooded cloak, 1.45 m high, that looks along z. */
export function createCloak(scene: Scene, material: ShaderMaterial): Mesh {
  const sketch = createSketch();
  const [hem, cloth, hood] = [paint("#241a2c"), paint("#5b2f45"), paint("#6e3a4c")];
  const outline: readonly (readonly [radius: number, y: number, back: number])[] = [
    [0.44, 0.0, -0.1],
    [0.42, 0.1, -0.08],
    [0.36, 0.35, -0.05],
    [0.3, 0.62, -0.02],
    [0.25, 0.86, 0],
    [0.27, 0.96, 0],
    [0.2, 1.03, 0.01],
    [0.21, 1.14, 0.02],
    [0.18, 1.27, 0],
    [0.1, 1.38, -0.06],
    [0, 1.45, -0.16],
  ];
  tube(
    sketch,
    outline.map(([radius, y, back]) => ({
      at: [0, y, back] as const,
      radius,
      paint: y > 1 ? hood : blend(hem, cloth, y),
    })),
    { sides: 30, profile: (angle) => 1 + 0.025 * Math.sin(angle * 7) },
  );
  const face = { paint: paint("#0a0810") };
  triangle(
    sketch,
    [
      [-0.11, 1.08, 0.215],
      [0.11, 1.08, 0.215],
      [0, 1.3, 0.18],
    ],
    face,
  );
  const scarf = { paint: paint("#a8503a"), sway: 0.1 };
  const tail = { paint: paint("#7a3630"), sway: 0.9 };
  tube(
    sketch,
    [
      { at: [0, 0.97, 0], radius: 0.27, ...scarf },
      { at: [0, 1.05, 0], radius: 0.25, ...scarf },
    ],
    { sides: 12 },
  );
  triangle(
    sketch,
    [
      [0.1, 1.04, -0.22],
      [0.22, 0.96, -0.2],
      [0.3, 0.72, -0.72],
    ],
    [scarf, scarf, tail],
  );
  triangle(
    sketch,
    [
      [0.02, 1.0, -0.24],
      [0.14, 0.92, -0.24],
      [0.12, 0.6, -0.62],
    ],
    [scarf, scarf, tail],
  );
  return buildMesh("cloak", sketch, { scene, material });
}

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
