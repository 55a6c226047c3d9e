import { CreateGround } from "@babylonjs/core/Meshes/Builders/groundBuilder.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { WATER, type Spot } from "../game/map.ts";

import { WATER_LEVEL } from "../places/terrain.ts";
import { RINGS } from "./water-shader.ts";

export interface Water {
  /** For the material: x, z, age and strength of each ring. */
  readonly rings: number[];
  /** A drop falls; the oldest ring gives way. */
  ring(at: Spot, strength: number): void;
  update(dt: number): void;
}

/** Age at which a ring has faded, in seconds. */
const OLD = 99;

/** The lake's surface. */
export function createWater(scene: Scene, material: ShaderMaterial): Water {
  const [width, height] = [WATER.east - WATER.west + 7, 74];
  const mesh = CreateGround("water", { width, height }, scene);
  mesh.position.set((WATER.west + WATER.east) / 2, WATER_LEVEL, 19);
  mesh.material = material;
  mesh.isPickable = false;
  mesh.freezeWorldMatrix();
  const rings = Array.from({ length: RINGS }, () => [0, 0, OLD, 0]).flat();
  let next = 0;
  return {
    rings,
    ring: ({ x, z }, strength) => {
      rings.splice(next * 4, 4, x, z, 0, strength);
      next = (next + 1) % RINGS;
    },
    update: (dt) => {
      for (let i = 2; i < rings.length; i += 4) rings[i] = Math.min(OLD, (rings[i] ?? OLD) + dt);
    },
  };
}
