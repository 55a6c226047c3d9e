import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { buildMesh, createSketch, vertex, type Sketch } from "../shapes/shapes.ts";
import { groundHeight } from "./terrain.ts";

/** What keeps the low light off the ground: a trunk, a stone. Lengths in metres. */
export interface Cast {
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly length: number;
  /** Radius of what is at the shadow's end: a tree's crown. */
  readonly crown?: number;
}

/** Away from sun and moon, which stand behind the walk. */
const AWAY = { x: 0.233, z: -0.972 } as const;
/** Metres above the ground, between two rows, and around a crown in steps. */
const ABOVE = 0.04;
const ROW = 0.9;
const AROUND = 12;

/** Long soft shadows that lie on the ground: one mesh for all places. */
export function createShadows(
  casts: readonly Cast[],
  { scene, material }: { scene: Scene; material: ShaderMaterial },
): Mesh {
  const sketch = createSketch();
  for (const cast of casts) {
    layStrip(sketch, cast);
    if (cast.crown !== undefined) layCrown(sketch, cast, cast.crown);
  }
  const mesh = buildMesh("shadows", sketch, { scene, material });
  mesh.alphaIndex = 0;
  mesh.freezeWorldMatrix();
  return mesh;
}

/** A corner `along` the shadow and `aside` of it, `dark` from 0 to 1. */
function corner(
  sketch: Sketch,
  { x, z }: Cast,
  { along, aside, dark }: { along: number; aside: number; dark: number },
): number {
  const px = x + AWAY.x * along - AWAY.z * aside;
  const pz = z + AWAY.z * along + AWAY.x * aside;
  const at = [px, groundHeight(px, pz) + ABOVE, pz] as const;
  return vertex(sketch, at, { paint: [0, 0, 0, dark] });
}

function layStrip(sketch: Sketch, cast: Cast): void {
  const { width, length, crown } = cast;
  const rows = Math.max(2, Math.ceil(length / ROW));
  let before: readonly number[] = [];
  for (let row = 0; row <= rows; row += 1) {
    const t = row / rows;
    const half = width * (0.6 + 0.6 * t);
    const dark = crown === undefined ? 1 - t : 1 - 0.5 * t;
    const now = [-half, 0, half].map((aside) =>
      corner(sketch, cast, { along: t * length, aside, dark: aside === 0 ? dark : 0 }),
    );
    if (row > 0) for (const i of [0, 1]) weave(sketch, before.slice(i, i + 2), now.slice(i, i + 2));
    before = now;
  }
}

function layCrown(sketch: Sketch, cast: Cast, crown: number): void {
  const rings = [0, 0.55, 1].map((out) =>
    Array.from({ length: AROUND + 1 }, (_, i) => {
      const angle = (i / AROUND) * Math.PI * 2;
      const uneven = 1 + 0.12 * Math.sin(angle * 3 + cast.x);
      return corner(sketch, cast, {
        along: cast.length + Math.cos(angle) * crown * out * uneven * 1.5,
        aside: Math.sin(angle) * crown * out * uneven,
        dark: 0.85 * (1 - out ** 2),
      });
    }),
  );
  for (const [i, outer] of rings.entries()) {
    const inner = rings[i - 1];
    if (inner === undefined) continue;
    for (let k = 0; k < AROUND; k += 1) weave(sketch, inner.slice(k, k + 2), outer.slice(k, k + 2));
  }
}

function weave(sketch: Sketch, low: readonly number[], high: readonly number[]): void {
  const [a = 0, b = 0] = low;
  const [c = 0, d = 0] = high;
  sketch.indices.push(a, b, c, b, d, c);
}
