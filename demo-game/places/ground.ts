import { pathAt } from "../game/map.ts";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { noise2, smooth } from "../maths.ts";
import {
  blend,
  buildMesh,
  createSketch,
  paint,
  vertex,
  type Paint,
  type Sketch,
} from "../shapes/shapes.ts";
import { groundHeight, soilWeight } from "./terrain.ts";

/** A round patch on the ground: the dark foot of a tree or the gleam of a crystal. */
export interface Patch {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
  readonly paint: Paint;
  readonly strength: number;
}

const WEST = -78;
const EAST = 156;
const NEAR = -18;
const FAR = 62;

/** The ground of all places: one mesh, its colours and shadows baked into the corners. */
export function createGround(
  patches: readonly Patch[],
  { scene, material }: { scene: Scene; material: ShaderMaterial },
): Mesh {
  const sketch = createSketch();
  const xs = steps(WEST, EAST, () => 1);
  // Rows lie closer where one walks.
  const zs = steps(NEAR, FAR, (z) => (z < 12 ? 0.8 : 3));
  for (const z of zs) {
    for (const x of xs) {
      const at = [x, groundHeight(x, z), z] as const;
      vertex(sketch, at, { paint: soilAt(x, z, patches), isGround: true });
    }
  }
  weave(sketch, xs.length, zs.length);
  const mesh = buildMesh("ground", sketch, { scene, material });
  mesh.freezeWorldMatrix();
  return mesh;
}

function steps(from: number, to: number, size: (at: number) => number): readonly number[] {
  const all: number[] = [];
  for (let at = from; at < to; at += size(at)) all.push(at);
  return [...all, to];
}

function weave(sketch: Sketch, columns: number, rows: number): void {
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const near = row * columns + column;
      const far = near + columns;
      sketch.indices.push(near, near + 1, far, near + 1, far + 1, far);
    }
  }
}

const SOILS = [
  { place: "meadow", low: paint("#4d5a3a"), high: paint("#7d7a4c"), path: paint("#97805c") },
  { place: "wood", low: paint("#22352f"), high: paint("#3f5a4a"), path: paint("#4f5a58") },
  { place: "lake", low: paint("#1b2433"), high: paint("#38465c"), path: paint("#4a5468") },
  { place: "cave", low: paint("#1d1726"), high: paint("#3a3048"), path: paint("#4a3f5c") },
  { place: "ridge", low: paint("#3a3340"), high: paint("#6a5c62"), path: paint("#85726c") },
] as const;

function soilAt(x: number, z: number, patches: readonly Patch[]): Paint {
  const grain = noise2(x * 0.7 + 5, z * 0.7);
  const trodden = smooth(1.5 - Math.abs(z - pathAt(x)) / 1.1 + (grain - 0.5) * 0.8);
  let soil: Paint = [0, 0, 0];
  for (const { place, low, high, path } of SOILS) {
    const weight = soilWeight(place, x, z);
    const colour = blend(blend(low, high, grain), path, trodden * 0.75);
    soil = [
      soil[0] + colour[0] * weight,
      soil[1] + colour[1] * weight,
      soil[2] + colour[2] * weight,
    ];
  }
  for (const patch of patches) {
    const near = 1 - Math.hypot(x - patch.x, z - patch.z) / patch.radius;
    if (near > 0) soil = blend(soil, patch.paint, near * near * patch.strength);
  }
  return soil;
}
