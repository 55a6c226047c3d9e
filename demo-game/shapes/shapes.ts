import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { VertexData } from "@babylonjs/core/Meshes/mesh.vertexData.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { hash2, mix } from "../maths.ts";

export type Point = readonly [x: number, y: number, z: number];
/** Red, green, blue within [0, 1], and how much of it shines by itself (0). */
export type Paint = readonly [r: number, g: number, b: number, shine?: number];

/** Geometry in the making. */
export interface Sketch {
  readonly positions: number[];
  readonly colors: number[];
  /** u: how far the wind moves the vertex; v: 1 where it is bare ground. */
  readonly uvs: number[];
  readonly indices: number[];
}

export const createSketch = (): Sketch => ({ positions: [], colors: [], uvs: [], indices: [] });

export const paint = (code: string, shine = 0): Paint => [
  Number.parseInt(code.slice(1, 3), 16) / 255,
  Number.parseInt(code.slice(3, 5), 16) / 255,
  Number.parseInt(code.slice(5, 7), 16) / 255,
  shine,
];

export const blend = (a: Paint, b: Paint, t: number): Paint => [
  mix(a[0], b[0], t),
  mix(a[1], b[1], t),
  mix(a[2], b[2], t),
  mix(a[3] ?? 0, b[3] ?? 0, t),
];

export interface VertexLook {
  readonly paint: Paint;
  readonly sway?: number;
  /** Bare ground, which has a grain and dapples of light. */
  readonly isGround?: boolean;
}

/** Adds a vertex and returns its index. */
export function vertex(sketch: Sketch, [x, y, z]: Point, look: VertexLook): number {
  const { paint, sway = 0, isGround = false } = look;
  sketch.positions.push(x, y, z);
  sketch.colors.push(paint[0], paint[1], paint[2], paint[3] ?? 0);
  sketch.uvs.push(sway, isGround ? 1 : 0);
  return sketch.positions.length / 3 - 1;
}

/** Adds a triangle that shares no vertex, so that it is lit flat. */
export function triangle(
  sketch: Sketch,
  corners: readonly [Point, Point, Point],
  looks: VertexLook | readonly [VertexLook, VertexLook, VertexLook],
): void {
  corners.forEach((corner, i) => {
    const look = "paint" in looks ? looks : (looks[i] ?? looks[0]);
    sketch.indices.push(vertex(sketch, corner, look));
  });
}

export interface Ring extends VertexLook {
  readonly at: Point;
  readonly radius: number;
}

export interface TubeOptions {
  readonly sides: number;
  /** Radius at an angle, as a factor. */
  readonly profile?: (angle: number) => number;
}

/** A round body through level rings from bottom to top; a radius of 0 closes it. */
export function tube(sketch: Sketch, rings: readonly Ring[], options: TubeOptions): void {
  const { sides, profile = () => 1 } = options;
  const starts = rings.map((ring) => {
    const [x, y, z] = ring.at;
    for (let i = 0; i <= sides; i += 1) {
      // The seam lies at the back.
      const angle = (i / sides - 0.25) * Math.PI * 2;
      const r = ring.radius * profile(angle);
      vertex(sketch, [x + Math.cos(angle) * r, y, z + Math.sin(angle) * r], ring);
    }
    return sketch.positions.length / 3 - sides - 1;
  });
  for (let level = 1; level < starts.length; level += 1) {
    const low = starts[level - 1] ?? 0;
    const high = starts[level] ?? 0;
    for (let i = 0; i < sides; i += 1) {
      sketch.indices.push(low + i, low + i + 1, high + i, low + i + 1, high + i + 1, high + i);
    }
  }
}

export interface BoulderOptions {
  readonly at: Point;
  readonly size: Point;
  readonly seed: number;
  /** How uneven, as a share of the radius. */
  readonly rough: number;
  readonly paint: (height: number) => Paint;
  readonly sway?: number;
  /** For far away: a quarter of the faces. */
  readonly coarse?: boolean;
}

/** A flat-shaded lump: an icosahedron cut once, its corners pushed in and out by chance. */
export function boulder(sketch: Sketch, options: BoulderOptions): void {
  const { at, size, seed, rough, sway = 0, coarse = false } = options;
  const place = ([x, y, z]: Point): Point => {
    const cell = hash2(Math.round(x * 97 + z * 389 + seed * 7919), Math.round(y * 211 + seed));
    const r = 1 + (cell - 0.5) * 2 * rough;
    return [at[0] + x * r * size[0], at[1] + y * r * size[1], at[2] + z * r * size[2]];
  };
  for (const face of coarse ? ICOSAHEDRON : BALL) {
    const corners = face.map(place);
    const [a, b, c] = corners;
    if (a === undefined || b === undefined || c === undefined) continue;
    const height = (face[0][1] + face[1][1] + face[2][1]) / 6 + 0.5;
    triangle(sketch, [a, c, b], { paint: options.paint(height), sway });
  }
}

type Face = readonly [Point, Point, Point];

const unit = ([x, y, z]: Point): Point => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};
const between = (a: Point, b: Point): Point =>
  unit([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2]);

/** 20 faces, all corners at radius 1. */
const ICOSAHEDRON: readonly Face[] = (() => {
  const t = (1 + Math.sqrt(5)) / 2;
  // prettier-ignore
  const corners = ([
    [-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0],
    [0, -1, t], [0, 1, t], [0, -1, -t], [0, 1, -t],
    [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1],
  ] as const).map(unit);
  // prettier-ignore
  const faces = [
    [0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11],
    [1, 5, 9], [5, 11, 4], [11, 10, 2], [10, 7, 6], [7, 1, 8],
    [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9],
    [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1],
  ] as const;
  return faces.flatMap(([i, j, k]): Face[] => {
    const [a, b, c] = [corners[i], corners[j], corners[k]];
    return a === undefined || b === undefined || c === undefined ? [] : [[a, b, c]];
  });
})();

/** The same, each face cut in four. */
const BALL: readonly Face[] = ICOSAHEDRON.flatMap(([a, b, c]): Face[] => {
  const [ab, bc, ca] = [between(a, b), between(b, c), between(c, a)];
  return [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]; // prettier-ignore
});

interface MeshOptions {
  readonly scene: Scene;
  readonly material: ShaderMaterial;
  /** Its vertices will be moved. */
  readonly changes?: boolean;
}

/** Turns a sketch into a mesh that stands still unless its node is moved. */
export function buildMesh(
  name: string,
  sketch: Sketch,
  { scene, material, changes = false }: MeshOptions,
): Mesh {
  const data = new VertexData();
  data.positions = sketch.positions;
  data.indices = sketch.indices;
  data.colors = sketch.colors;
  data.uvs = sketch.uvs;
  const normals: number[] = [];
  VertexData.ComputeNormals(sketch.positions, sketch.indices, normals);
  data.normals = normals;
  const mesh = new Mesh(name, scene);
  data.applyToMesh(mesh, changes);
  mesh.material = material;
  mesh.isPickable = false;
  return mesh;
}
