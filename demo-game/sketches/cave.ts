import {
  blend,
  boulder,
  createSketch,
  paint,
  triangle,
  tube,
  type Paint,
  type Point,
  type Sketch,
} from "../shapes/shapes.ts";

const stone = (h: number): Paint => blend(paint("#120d18"), paint("#4a3f58"), h);

/** A block of the cave's wall, about 2 m wide before it is scaled. */
export function wallBlock(random: () => number): Sketch {
  const sketch = createSketch();
  boulder(sketch, {
    at: [0, 0, 0],
    size: [1, 1, 1],
    seed: Math.floor(random() * 1e6),
    rough: 0.24,
    paint: stone,
  });
  return sketch;
}

/** A dripstone that hangs from y = 0; turned over it stands. */
export function dripstone(random: () => number): Sketch {
  const sketch = createSketch();
  const length = 1.6 + random() * 1.2;
  const wobble = (): number => (random() - 0.5) * 0.12;
  const rings = [0.5, 0.34, 0.2, 0.11, 0].map((radius, i) => ({
    at: [wobble(), -(i / 4) * length, wobble()] as const,
    radius,
    paint: stone(0.15 + 0.16 * i),
  }));
  tube(sketch, rings, { sides: 7 });
  return sketch;
}

/** A group of six-sided crystals that shine from within, brighter towards the tips. */
export function crystals(random: () => number, colour: Paint): Sketch {
  const sketch = createSketch();
  const count = 4 + Math.floor(random() * 3);
  for (let i = 0; i < count; i += 1) {
    const angle = (i / count) * Math.PI * 2 + random();
    const lean = i === 0 ? 0.05 : 0.25 + random() * 0.5;
    crystal(sketch, {
      lean: [Math.cos(angle) * lean, Math.sin(angle) * lean],
      foot: [Math.cos(angle) * (i === 0 ? 0 : 0.3), Math.sin(angle) * (i === 0 ? 0 : 0.3)],
      height: i === 0 ? 1.9 + random() * 0.5 : 0.7 + random() * 0.8,
      radius: i === 0 ? 0.3 : 0.13 + random() * 0.1,
      colour,
    });
  }
  return sketch;
}

interface Crystal {
  readonly lean: readonly [number, number];
  readonly foot: readonly [number, number];
  readonly height: number;
  readonly radius: number;
  readonly colour: Paint;
}

/** How bright each of the six sides is. */
const shade = (i: number): number => 0.62 + 0.38 * Math.abs(((i * 2) % 6) / 3 - 1);

function crystal(sketch: Sketch, { lean, foot, height, radius, colour }: Crystal): void {
  const corner = (i: number, level: number, r: number): Point => {
    const angle = (i / 6) * Math.PI * 2;
    return [
      foot[0] + lean[0] * level + Math.cos(angle) * r,
      level * height - 0.1,
      foot[1] + lean[1] * level + Math.sin(angle) * r,
    ];
  };
  const [r, g, b] = colour;
  for (let i = 0; i < 6; i += 1) {
    const k = shade(i);
    const low = { paint: [r * 0.2, g * 0.2, b * 0.28, 0.6] as const };
    const high = { paint: [r * k, g * k, b * k, 0.95] as const };
    const tip = { paint: [0.6 + r * 0.4, 0.6 + g * 0.4, 0.6 + b * 0.4, 1] as const };
    const [a, c] = [corner(i, 0, radius * 0.8), corner(i + 1, 0, radius * 0.8)];
    const [d, e] = [corner(i, 0.78, radius), corner(i + 1, 0.78, radius)];
    triangle(sketch, [a, c, d], [low, low, high]);
    triangle(sketch, [c, e, d], [low, high, high]);
    triangle(sketch, [d, e, corner(0, 1, 0)], [high, high, tip]);
  }
}
