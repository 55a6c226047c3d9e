import { blend, boulder, createSketch, paint, tube, type Sketch } from "../shapes/shapes.ts";

/** A dark fir, 5–8 m high: cones one above the other. */
export function fir(random: () => number): Sketch {
  const sketch = createSketch();
  const height = 5 + random() * 3;
  const [low, high] = [paint("#0c1420"), paint("#26384a")];
  tube(
    sketch,
    [
      { at: [0, -0.3, 0], radius: 0.2, paint: low },
      { at: [0, height * 0.3, 0], radius: 0.14, paint: low },
    ],
    { sides: 5 },
  );
  const layers = 5;
  for (let i = 0; i < layers; i += 1) {
    const t = i / layers;
    const bottom = height * (0.14 + 0.8 * t);
    const radius = (1 - t) * height * 0.2 + 0.25;
    const lean = (random() - 0.5) * 0.2;
    tube(
      sketch,
      [
        { at: [lean, bottom, 0], radius, paint: low, sway: 0.1 + 0.3 * t },
        { at: [0, bottom + height * 0.3, 0], radius: 0, paint: blend(low, high, t), sway: 0.4 * t },
      ],
      { sides: 7, profile: (angle) => 1 + 0.16 * Math.sin(angle * 5 + i) },
    );
  }
  return sketch;
}

/** A flat round stone that one can step on; its top lies at y = 0. */
export function steppingStone(random: () => number): Sketch {
  const sketch = createSketch();
  boulder(sketch, {
    at: [0, -0.34, 0],
    size: [1.05, 0.36, 0.9],
    seed: Math.floor(random() * 1e6),
    rough: 0.07,
    paint: (h) => blend(paint("#161d2c"), paint("#8ea0c0"), h * h),
  });
  return sketch;
}

/** Broad leaves on the water with a pale flower. */
export function lilies(random: () => number): Sketch {
  const sketch = createSketch();
  for (let i = 0; i < 4; i += 1) {
    const [x, z] = [(random() - 0.5) * 1.6, (random() - 0.5) * 1.2];
    const leaf = blend(paint("#16303a"), paint("#3c6468"), random());
    const radius = 0.22 + random() * 0.16;
    tube(
      sketch,
      [
        { at: [x, 0, z], radius, paint: leaf },
        { at: [x, 0.015, z], radius: 0, paint: leaf },
      ],
      { sides: 9 },
    );
  }
  tube(
    sketch,
    [
      { at: [0, 0.02, 0], radius: 0.05, paint: paint("#9db8ff", 0.3) },
      { at: [0, 0.16, 0], radius: 0.14, paint: paint("#e9f4ff", 0.6) },
      { at: [0, 0.1, 0], radius: 0, paint: paint("#fff6d8", 0.7) },
    ],
    { sides: 6 },
  );
  return sketch;
}
