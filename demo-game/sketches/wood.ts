import { mix } from "../maths.ts";
import {
  blend,
  boulder,
  createSketch,
  paint,
  triangle,
  tube,
  type Point,
  type Ring,
  type Sketch,
} from "../shapes/shapes.ts";

const BARK = paint("#b9c8c6");
const SCAR = paint("#20262b");

/**
 * A birch of 9–13 m: pale bark with dark scars, a thin crown that starts above the eye. One for far
 * away has no scars and less of everything.
 */
export function birch(random: () => number, far = false): Sketch {
  const sketch = createSketch();
  const height = 9 + random() * 4;
  const bend = (random() - 0.5) * 1.3;
  const thick = 0.15 + random() * 0.1;
  const axis = (t: number): Point => [bend * t * t, height * t, bend * 0.4 * Math.sin(t * 3)];
  const rings: Ring[] = [];
  const radiusAt = (t: number): number => thick * mix(1.25, 0.35, t);
  for (let i = 0; i <= 14; i += 1) {
    const t = i / 14;
    const dark = Math.max(0.75 - t * 9, random() * 0.16);
    const radius = radiusAt(t) * (i === 0 ? 1.5 : 1);
    rings.push({ at: i === 0 ? [0, -0.4, 0] : axis(t), radius, paint: blend(BARK, SCAR, dark) });
  }
  tube(sketch, rings, { sides: far ? 5 : 9 });
  for (let i = 0; i < (far ? 0 : 34); i += 1) {
    const t = 0.04 + 0.62 * random();
    scar(sketch, { at: axis(t), radius: radiusAt(t), random });
  }
  const branches = far ? 5 : 9;
  for (let i = 0; i < branches; i += 1) {
    branch(sketch, axis(0.38 + (0.54 * i) / branches), { random, far });
  }
  return sketch;
}

/** A dark dash across the bark. */
function scar(
  sketch: Sketch,
  { at: [x, y, z], radius, random }: { at: Point; radius: number; random: () => number },
): void {
  const middle = random() * Math.PI * 2;
  const half = 0.25 + random() * 0.55;
  const high = 0.012 + random() * 0.035;
  const at = (angle: number, up: number): Point => [
    x + Math.cos(angle) * radius * 1.03,
    y + up,
    z + Math.sin(angle) * radius * 1.03,
  ];
  const mark = { paint: SCAR };
  for (const side of [-1, 1]) {
    triangle(sketch, [at(middle, high), at(middle, -high), at(middle + side * half, 0)], mark);
  }
}

function branch(
  sketch: Sketch,
  [x, y, z]: Point,
  { random, far }: { random: () => number; far: boolean },
): void {
  const angle = random() * Math.PI * 2;
  const length = 0.8 + random() * 1.1;
  const end: Point = [x + Math.cos(angle) * length, y + length * 0.7, z + Math.sin(angle) * length];
  const twig = { paint: SCAR };
  triangle(sketch, [[x, y - 0.05, z], [x, y + 0.06, z], end], twig);
  triangle(sketch, [[x - 0.05, y, z], [x + 0.05, y, z], end], twig);
  const size = (far ? 0.8 : 0.5) + random() * 0.6;
  const dark = paint("#16262a");
  const lit = blend(paint("#3d5a48"), paint("#8a7a3c"), random() * 0.6);
  boulder(sketch, {
    at: end,
    size: [size, size * 0.62, size],
    seed: Math.floor(random() * 1e6),
    rough: 0.28,
    paint: (h) => blend(dark, lit, h * h),
    sway: 0.45,
    coarse: far,
  });
}

/** A fern: fronds that arch outwards. */
export function fern(random: () => number): Sketch {
  const sketch = createSketch();
  const root = { paint: paint("#14241f") };
  const leaf = { paint: paint("#3f6350"), sway: 0.25 };
  for (let i = 0; i < 8; i += 1) {
    const angle = (i / 8) * Math.PI * 2 + random() * 0.6;
    const [dx, dz] = [Math.cos(angle), Math.sin(angle)];
    const length = 0.45 + random() * 0.4;
    const top: Point = [dx * length * 0.6, 0.34 + random() * 0.2, dz * length * 0.6];
    const tip: Point = [dx * length * 1.25, top[1] * 0.65, dz * length * 1.25];
    const wide = 0.07;
    const left: Point = [top[0] - dz * wide, top[1], top[2] + dx * wide];
    const right: Point = [top[0] + dz * wide, top[1], top[2] - dx * wide];
    triangle(sketch, [[0, 0, 0], left, right], [root, leaf, leaf]);
    triangle(sketch, [left, right, tip], leaf);
  }
  return sketch;
}

/** A mossy stone. */
export function rock(random: () => number): Sketch {
  const sketch = createSketch();
  boulder(sketch, {
    at: [0, 0.12, 0],
    size: [0.7, 0.45, 0.6],
    seed: Math.floor(random() * 1e6),
    rough: 0.2,
    paint: (h) => blend(paint("#2a2c33"), paint("#6c7468"), h),
  });
  return sketch;
}

/** The old hollow tree, with a light inside. */
export function hollowTree(random: () => number): Sketch {
  const sketch = createSketch();
  const bark = paint("#1b1a20");
  const rings = [1.75, 1.3, 1.12, 1.1, 1.0, 0.9].map((radius, i) => ({
    at: [0, -0.4 + i * 1.5, 0] as const,
    radius,
    paint: blend(bark, paint("#3c3a40"), random() * 0.5),
  }));
  tube(sketch, rings, {
    sides: 13,
    profile: (a) => 1 + 0.13 * Math.sin(a * 5) + 0.06 * Math.sin(a * 9),
  });
  const inside = { paint: paint("#FFD36B", 0.95) };
  const edge = { paint: paint("#b8742a", 0.8) };
  const front = -1.36;
  triangle(
    sketch,
    [
      [-0.36, 0.35, front],
      [0.36, 0.35, front],
      [0, 1.75, front + 0.2],
    ],
    [edge, edge, inside],
  );
  return sketch;
}
