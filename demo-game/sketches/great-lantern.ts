import { createSketch, paint, tube, type Paint, type Sketch } from "../shapes/shapes.ts";

export interface GreatLantern {
  /** Lanterns differ in shape as well as in hue: sides of the glass. */
  readonly sides: number;
  readonly glass: Paint;
}

/** A lantern as high as a man: a stone foot, an iron cage, a pointed roof. */
export function greatLantern({ sides, glass }: GreatLantern): Sketch {
  const sketch = createSketch();
  const [low, high] = [paint("#26222c"), paint("#5d5660")];
  tube(
    sketch,
    [
      { at: [0, -0.3, 0], radius: 0.62, paint: low },
      { at: [0, 0.18, 0], radius: 0.55, paint: high },
      { at: [0, 0.2, 0], radius: 0.34, paint: high },
      { at: [0, 0.8, 0], radius: 0.22, paint: low },
      { at: [0, 0.9, 0], radius: 0.46, paint: high },
      { at: [0, 0.98, 0], radius: 0.46, paint: high },
    ],
    { sides: 8 },
  );
  const middle: Paint = [glass[0], glass[1], glass[2], (glass[3] ?? 0) * 0.9];
  tube(
    sketch,
    [
      { at: [0, 0.98, 0], radius: 0.34, paint: middle },
      { at: [0, 1.3, 0], radius: 0.42, paint: glass },
      { at: [0, 1.7, 0], radius: 0.36, paint: middle },
    ],
    { sides },
  );
  const iron = paint("#141016");
  for (let i = 0; i < sides; i += 1) {
    const angle = (i / sides - 0.25) * Math.PI * 2;
    const at = (radius: number, y: number) =>
      [Math.cos(angle) * radius, y, Math.sin(angle) * radius] as const;
    tube(
      sketch,
      [
        { at: at(0.35, 0.96), radius: 0.035, paint: iron },
        { at: at(0.435, 1.3), radius: 0.03, paint: iron },
        { at: at(0.37, 1.72), radius: 0.035, paint: iron },
      ],
      { sides: 4 },
    );
  }
  tube(
    sketch,
    [
      { at: [0, 1.68, 0], radius: 0.56, paint: iron },
      { at: [0, 1.78, 0], radius: 0.5, paint: high },
      { at: [0, 2.15, 0], radius: 0.1, paint: low },
      { at: [0, 2.3, 0], radius: 0.13, paint: high },
      { at: [0, 2.45, 0], radius: 0, paint: low },
    ],
    { sides },
  );
  return sketch;
}
