import { Matrix, Quaternion, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import "@babylonjs/core/Meshes/thinInstanceMesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { buildMesh, type Point, type Sketch } from "./shapes.ts";

/** Where one copy of a thing stands. */
export interface Stand {
  readonly at: Point;
  /** Metres for each unit of the sketch. */
  readonly size: number;
  /** Further factors, one for each axis. */
  readonly stretch?: Point;
  readonly turn: number;
}

/** Draws copies of a few sketches, dealt out in turn: one draw call for each sketch. */
export function scatter(
  name: string,
  sketches: readonly Sketch[],
  { stands, scene, material }: { stands: readonly Stand[]; scene: Scene; material: ShaderMaterial },
): void {
  sketches.forEach((sketch, i) => {
    const mine = stands.filter((_, index) => index % sketches.length === i);
    if (mine.length === 0) return;
    const matrices = new Float32Array(mine.length * 16);
    mine.forEach((stand, index) => matrixOf(stand).copyToArray(matrices, index * 16));
    const mesh = buildMesh(`${name} ${i}`, sketch, { scene, material });
    mesh.thinInstanceSetBuffer("matrix", matrices, 16, true);
    mesh.thinInstanceRefreshBoundingInfo(true);
    mesh.freezeWorldMatrix();
    mesh.doNotSyncBoundingInfo = true;
  });
}

function matrixOf({ at, size, turn, stretch = [1, 1, 1] }: Stand): Matrix {
  return Matrix.Compose(
    new Vector3(...stretch).scaleInPlace(size),
    Quaternion.RotationYawPitchRoll(turn, 0, 0),
    new Vector3(...at),
  );
}
