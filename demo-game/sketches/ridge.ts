import { mix } from "../maths.ts";
import { blend, boulder, createSketch, paint, tube, type Sketch } from "../shapes/shapes.ts";

const stone = (h: number) => blend(paint("#2c2630"), paint("#8d7f80"), h);

/** The beacon's tower, 5.4 m high, a bowl for the fire on its top. */
export function beaconTower(random: () => number): Sketch {
  const sketch = createSketch();
  for (let level = 0; level < 7; level += 1) {
    const radius = mix(1.25, 0.8, level / 6);
    for (let i = 0; i < 7; i += 1) {
      const angle = ((i + (level % 2) / 2) / 7) * Math.PI * 2;
      boulder(sketch, {
        at: [Math.cos(angle) * radius * 0.75, 0.25 + level * 0.62, Math.sin(angle) * radius * 0.75],
        size: [0.56, 0.42, 0.56],
        seed: Math.floor(random() * 1e6),
        rough: 0.09,
        paint: stone,
        coarse: true,
      });
    }
  }
  const iron = paint("#17131a");
  tube(
    sketch,
    [
      { at: [0, 4.3, 0], radius: 0.4, paint: iron },
      { at: [0, 4.6, 0], radius: 0.9, paint: iron },
      { at: [0, 5.0, 0], radius: 1.1, paint: blend(iron, paint("#4a3d42"), 0.6) },
      { at: [0, 4.8, 0], radius: 0.3, paint: iron },
    ],
    { sides: 9 },
  );
  return sketch;
}

/** A slab that somebody set up long ago. */
export function standingStone(random: () => number): Sketch {
  const sketch = createSketch();
  const height = 1.2 + random() * 1.2;
  boulder(sketch, {
    at: [0, height * 0.5, 0],
    size: [0.42, height * 0.72, 0.26],
    seed: Math.floor(random() * 1e6),
    rough: 0.1,
    paint: stone,
  });
  return sketch;
}
