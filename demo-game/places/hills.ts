import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { noise2 } from "../maths.ts";
import { buildMesh, createSketch, paint, vertex } from "../shapes/shapes.ts";

const RIDGES = [
  { z: 64, high: 8, rough: 0.05, paint: paint("#39404a") },
  { z: 92, high: 15, rough: 0.028, paint: paint("#3c4258") },
  { z: 130, high: 24, rough: 0.017, paint: paint("#444a66") },
] as const;

/** Silhouettes far behind the walk; the air gives them their colour. */
export function createHills(scene: Scene, material: ShaderMaterial): void {
  const sketch = createSketch();
  RIDGES.forEach(({ z, high, rough, paint }, ridge) => {
    const start = sketch.positions.length / 3;
    for (let x = -190; x <= 300; x += 5) {
      const top = high * (0.35 + 0.9 * noise2(x * rough + ridge * 31, ridge * 7));
      vertex(sketch, [x, -14, z], { paint });
      vertex(sketch, [x, top, z], { paint });
    }
    for (let i = start; i + 3 < sketch.positions.length / 3; i += 2) {
      sketch.indices.push(i, i + 1, i + 2, i + 2, i + 1, i + 3);
    }
  });
  buildMesh("hills", sketch, { scene, material }).freezeWorldMatrix();
}
