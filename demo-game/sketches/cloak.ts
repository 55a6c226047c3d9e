import { VertexBuffer } from "@babylonjs/core/Buffers/buffer.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { HEM_BACK, HEM_POINTS, HEM_RADIUS, hemOffset, type Hem } from "../hem.ts";
import { mix, smooth } from "../maths.ts";
import {
  blend,
  buildMesh,
  createSketch,
  paint,
  triangle,
  tube,
  type Sketch,
} from "../shapes/shapes.ts";

export interface Cloak {
  readonly mesh: Mesh;
  /** Lets the cloth hang from the shoulders to where the hem is now. */
  hang(hem: Hem): void;
}

/** Metres above the ground: the cloth hangs freely below. */
const SHOULDERS = 0.86;
/** Its radius there, and how long the cloth is from there to the hem. */
const NARROW = 0.25;
const LENGTH = Math.hypot(SHOULDERS, HEM_RADIUS - NARROW);

/** A hooded cloak, 1.45 m high, that looks along z. */
export function createCloak(scene: Scene, material: ShaderMaterial): Cloak {
  const sketch = cut();
  const mesh = buildMesh("cloak", sketch, { scene, material, changes: true });
  const rest = Float32Array.from(sketch.positions);
  const positions = rest.slice();
  const normals = new Float32Array(rest.length);
  const threads = threadsOf(rest);
  const offsets = Array.from({ length: HEM_POINTS }, () => ({ x: 0, z: 0, up: 0 }));
  return {
    mesh,
    hang: (hem) => {
      for (let i = 0; i < HEM_POINTS; i += 1) readOffset(hem, i, offsets[i]);
      for (const { at, from, to, part, weight } of threads) {
        const a = offsets[from] ?? STILL;
        const b = offsets[to] ?? STILL;
        positions[at] = (rest[at] ?? 0) + weight * mix(a.x, b.x, part);
        positions[at + 1] = (rest[at + 1] ?? 0) + weight * mix(a.up, b.up, part);
        positions[at + 2] = (rest[at + 2] ?? 0) + weight * mix(a.z, b.z, part);
      }
      VertexData.ComputeNormals(positions, sketch.indices, normals);
      mesh.updateVerticesData(VertexBuffer.PositionKind, positions);
      mesh.updateVerticesData(VertexBuffer.NormalKind, normals);
    },
  };
}

interface Offset {
  x: number;
  z: number;
  up: number;
}

const STILL: Readonly<Offset> = { x: 0, z: 0, up: 0 };

/** The further out the hem swings, the higher it rises: cloth does not grow longer. */
function readOffset(hem: Hem, point: number, out: Offset | undefined): void {
  if (out === undefined) return;
  hemOffset(hem, point, out);
  const angle = (point / HEM_POINTS) * Math.PI * 2;
  const radius = Math.hypot(
    Math.cos(angle) * HEM_RADIUS + out.x,
    Math.sin(angle) * HEM_RADIUS + out.z,
  );
  out.up = Math.max(0, SHOULDERS - Math.sqrt(LENGTH ** 2 - (radius - NARROW) ** 2));
}

/** A vertex of the cloth: index of its x, between which points of the hem it hangs, and how freely. */
interface Thread {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly part: number;
  readonly weight: number;
}

function threadsOf(rest: Float32Array): readonly Thread[] {
  const threads: Thread[] = [];
  for (let at = 0; at < rest.length; at += 3) {
    const [x = 0, y = 0, z = 0] = rest.subarray(at, at + 3);
    if (y >= SHOULDERS || z < -HEM_RADIUS - HEM_BACK - 0.01) continue;
    const turn = Math.atan2(z + HEM_BACK, x) / (2 * Math.PI);
    const where = (turn - Math.floor(turn)) * HEM_POINTS;
    const from = Math.floor(where) % HEM_POINTS;
    const to = (from + 1) % HEM_POINTS;
    const weight = (1 - y / SHOULDERS) ** 2;
    threads.push({ at, from, to, part: smooth(where - Math.floor(where)), weight });
  }
  return threads;
}

function cut(): Sketch {
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
  return sketch;
}
