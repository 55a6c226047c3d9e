import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import { CreatePlane } from "@babylonjs/core/Meshes/Builders/planeBuilder.js";
import "@babylonjs/core/Meshes/thinInstanceMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Paint } from "./shapes.ts";

/** A soft spot that faces the eye. */
export interface Puff {
  x: number;
  y: number;
  z: number;
  size: number;
  alpha: number;
  readonly paint: Paint;
  /** Height over width. Default 1. */
  readonly stretch?: number;
  /** 0 (default) fades from the middle, 1 has an edge. */
  readonly hardness?: number;
  /** Metres by which it is drawn nearer than it is, so that it does not cut into things. Default 0. */
  readonly forward?: number;
}

/** Spots are drawn anew in every frame: `draw` each one, then `flush` once. */
export interface Puffs {
  draw(puff: Puff): void;
  flush(): void;
}

export interface PuffsOptions {
  readonly scene: Scene;
  readonly material: ShaderMaterial;
  readonly capacity: number;
  /** Higher is drawn later. */
  readonly order: number;
}

export function createPuffs(name: string, options: PuffsOptions): Puffs {
  const { scene, material, capacity, order } = options;
  const data = new Float32Array(capacity * 16);
  const mesh = CreatePlane(name, { size: 1 }, scene);
  mesh.material = material;
  mesh.alphaIndex = order;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  mesh.doNotSyncBoundingInfo = true;
  mesh.thinInstanceSetBuffer("matrix", data, 16, false);
  let count = 0;
  return {
    draw: ({ x, y, z, size, alpha, paint, stretch = 1, hardness = 0, forward = 0 }) => {
      if (count >= capacity || alpha <= 0.003) return;
      const o = count * 16;
      data[o] = size;
      data[o + 1] = alpha;
      data[o + 2] = stretch;
      data[o + 3] = hardness;
      data[o + 4] = paint[0];
      data[o + 5] = paint[1];
      data[o + 6] = paint[2];
      data[o + 8] = forward;
      data[o + 12] = x;
      data[o + 13] = y;
      data[o + 14] = z;
      count += 1;
    },
    flush: () => {
      mesh.thinInstanceCount = count;
      mesh.setEnabled(count > 0);
      mesh.thinInstanceBufferUpdated("matrix");
      count = 0;
    },
  };
}
