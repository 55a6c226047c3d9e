import {
  blend,
  boulder,
  createSketch,
  paint,
  triangle,
  type Paint,
  type Point,
  type Sketch,
} from "../shapes/shapes.ts";

/** Small flowers on thin stalks, about 0.3 m high; each has as many petals as `petals`. */
export function flowers(
  random: () => number,
  { petal, petals }: { petal: Paint; petals: number },
): Sketch {
  const sketch = createSketch();
  const stalk = paint("#4c5a34");
  for (let i = 0; i < 6; i += 1) {
    const [x, z] = [(random() - 0.5) * 1.1, (random() - 0.5) * 1.1];
    const y = 0.16 + random() * 0.2;
    const sway = y * 0.8;
    triangle(
      sketch,
      [
        [x - 0.012, 0, z],
        [x + 0.012, 0, z],
        [x, y, z],
      ],
      [{ paint: stalk }, { paint: stalk }, { paint: stalk, sway }],
    );
    const size = 0.07 + random() * 0.04;
    for (let k = 0; k < petals; k += 1) {
      const rim = (turn: number): Point => {
        const angle = ((k + turn) / petals) * Math.PI * 2;
        return [x + Math.cos(angle) * size, y + 0.02, z + Math.sin(angle) * size];
      };
      triangle(sketch, [[x, y, z], rim(0.08), rim(0.92)], { paint: petal, sway });
    }
  }
  return sketch;
}

/** Leaves that have fallen. */
export function leaves(random: () => number): Sketch {
  const sketch = createSketch();
  for (let i = 0; i < 8; i += 1) {
    const [x, z] = [(random() - 0.5) * 1.5, (random() - 0.5) * 1.5];
    const angle = random() * Math.PI * 2;
    const size = 0.04 + random() * 0.055;
    const [dx, dz] = [Math.cos(angle) * size, Math.sin(angle) * size];
    const gold = blend(paint("#3d4a3c"), paint("#a08a48"), random());
    const [tip, end]: [Point, Point] = [
      [x + dx * 1.5, 0.03, z + dz * 1.5],
      [x - dx * 1.5, 0.03, z - dz * 1.5],
    ];
    const [left, right]: [Point, Point] = [
      [x - dz, 0.05 + random() * 0.04, z + dx],
      [x + dz, 0.04, z - dx],
    ];
    triangle(sketch, [tip, left, right], { paint: gold });
    triangle(sketch, [end, right, left], { paint: gold });
  }
  return sketch;
}

/** A few small stones that lie together. */
export function pebbles(random: () => number, { low, high }: { low: Paint; high: Paint }): Sketch {
  const sketch = createSketch();
  for (let i = 0; i < 4; i += 1) {
    const size = 0.06 + random() * 0.11;
    boulder(sketch, {
      at: [(random() - 0.5) * 1.3, size * 0.25, (random() - 0.5) * 1.3],
      size: [size * 1.3, size * 0.7, size],
      seed: Math.floor(random() * 1e6),
      rough: 0.16,
      paint: (h) => blend(low, high, h),
      coarse: true,
    });
  }
  return sketch;
}

/** Mushrooms with caps that glimmer. */
export function mushrooms(random: () => number, glimmer: Paint): Sketch {
  const sketch = createSketch();
  const stem = { paint: blend(paint("#d8d2c4"), glimmer, 0.3) };
  const [r, g, b] = glimmer;
  const under = { paint: [r * 0.5, g * 0.5, b * 0.5, 0.4] as const };
  const top = { paint: [r, g, b, 0.85] as const };
  for (let i = 0; i < 5; i += 1) {
    const [x, z] = [(random() - 0.5) * 0.7, (random() - 0.5) * 0.7];
    const [y, wide] = [0.1 + random() * 0.16, 0.06 + random() * 0.07];
    triangle(
      sketch,
      [
        [x - 0.02, 0, z],
        [x + 0.02, 0, z],
        [x, y, z],
      ],
      stem,
    );
    for (let k = 0; k < 6; k += 1) {
      const rim = (turn: number): Point => {
        const angle = (turn / 6) * Math.PI * 2;
        return [x + Math.cos(angle) * wide, y, z + Math.sin(angle) * wide];
      };
      triangle(sketch, [[x, y + wide * 0.7, z], rim(k), rim(k + 1)], [top, under, under]);
    }
  }
  return sketch;
}
