import { mix } from "../maths.ts";
import {
  blend,
  boulder,
  createSketch,
  paint,
  triangle,
  tube,
  type Sketch,
} from "../shapes/shapes.ts";

/** A tuft of grass blades, about 0.7 m high. */
export function grassTuft(random: () => number, tall: number): Sketch {
  const sketch = createSketch();
  const root = paint("#2f3a2a");
  const tip = blend(paint("#8b9156"), paint("#d9b878"), random() * 0.7);
  for (let i = 0; i < 7; i += 1) {
    const angle = random() * Math.PI * 2;
    const [dx, dz] = [Math.cos(angle), Math.sin(angle)];
    const out = 0.08 + random() * 0.22;
    const lean = out + 0.08 + random() * 0.22;
    const height = tall * (0.55 + random() * 0.45);
    const half = 0.022 + 0.012 * random();
    triangle(
      sketch,
      [
        [dx * out - dz * half, 0, dz * out + dx * half],
        [dx * out + dz * half, 0, dz * out - dx * half],
        [dx * lean, height, dz * lean],
      ],
      [{ paint: root }, { paint: root }, { paint: tip, sway: height }],
    );
  }
  return sketch;
}

/** A reed with its brown head, 1.5–2.3 m. */
export function reeds(random: () => number): Sketch {
  const sketch = createSketch();
  for (let i = 0; i < 5; i += 1) {
    const [x, z] = [(random() - 0.5) * 0.7, (random() - 0.5) * 0.7];
    const height = 1.4 + random() * 0.9;
    const lean = (random() - 0.5) * 0.3;
    const stalk = { paint: paint("#4d5336"), sway: height * 0.6 };
    const head = { paint: paint("#4a3026"), sway: height * 0.7 };
    triangle(
      sketch,
      [
        [x - 0.02, 0, z],
        [x + 0.02, 0, z],
        [x + lean, height, z],
      ],
      [{ paint: paint("#2f3a2a") }, { paint: paint("#2f3a2a") }, stalk],
    );
    tube(
      sketch,
      [
        { at: [x + lean * 0.85, height * 0.86, z], radius: 0.012, ...head },
        { at: [x + lean * 0.88, height * 0.89, z], radius: 0.045, ...head },
        { at: [x + lean * 0.99, height * 1.0, z], radius: 0.04, ...head },
        { at: [x + lean, height * 1.03, z], radius: 0, ...head },
      ],
      { sides: 5 },
    );
  }
  return sketch;
}

/** A round-crowned tree, dark against the evening. */
export function roundTree(random: () => number): Sketch {
  const sketch = createSketch();
  const bark = { paint: paint("#2a2226") };
  const height = 3.2 + random() * 1.4;
  tube(
    sketch,
    [
      { at: [0, -0.3, 0], radius: 0.42, ...bark },
      { at: [0.1, height * 0.5, 0], radius: 0.24, ...bark },
      { at: [0, height, 0.1], radius: 0.16, ...bark },
    ],
    { sides: 7 },
  );
  const low = paint("#262c2a");
  const high = paint("#4c5738");
  for (let i = 0; i < 6; i += 1) {
    const angle = (i / 6) * Math.PI * 2 + random();
    const out = i === 0 ? 0 : 0.9 + random() * 0.8;
    const size = 1.2 + random() * 0.8;
    boulder(sketch, {
      at: [Math.cos(angle) * out, height + 0.5 + random() * 1.4, Math.sin(angle) * out],
      size: [size, size * 0.78, size],
      seed: Math.floor(random() * 1e6),
      rough: 0.14,
      paint: (h) => blend(low, high, h),
      sway: 0.5,
    });
  }
  return sketch;
}

/** Two pillars and a lintel of old stones. */
export function stoneArch(random: () => number): Sketch {
  const sketch = createSketch();
  const stone = (x: number, y: number, size: readonly [number, number, number]): void =>
    boulder(sketch, {
      at: [x, y, 0],
      size,
      seed: Math.floor(random() * 1e6),
      rough: 0.1,
      paint: (h) => blend(paint("#3a3840"), paint("#8c8578"), h),
    });
  for (const side of [-1, 1]) {
    for (let level = 0; level < 5; level += 1) {
      const width = mix(0.85, 0.6, level / 4);
      stone(side * (1.75 - level * 0.08), 0.2 + level * 0.78, [width, 0.52, width]);
    }
  }
  for (let i = -2; i <= 2; i += 1) stone(i * 0.72, 4.15 - Math.abs(i) * 0.16, [0.55, 0.5, 0.62]);
  return sketch;
}
