import { mix } from "../maths.ts";
import type { Stand } from "../shapes/scatter.ts";
import { paint, type Paint, type Sketch } from "../shapes/shapes.ts";
import type { Patch } from "./ground.ts";
import type { Cast } from "./shadows.ts";
import { pathAt, MAP, distance, type PlaceName } from "../game/map.ts";
import { groundHeight, soilWeight } from "./terrain.ts";

/** A round thing that one cannot walk through. */
export interface Obstacle {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
}

/** A thing that glows by itself. */
export interface Shine {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly size: number;
  readonly paint: Paint;
  /** The lantern whose stem it shines with; without one it beats with the music. */
  readonly lantern?: number;
}

/** What the places add to while they are laid out. */
export interface Planting {
  readonly random: () => number;
  readonly place: (name: string, sketches: readonly Sketch[], stands: readonly Stand[]) => void;
  readonly obstacles: Obstacle[];
  readonly shines: Shine[];
  readonly patches: Patch[];
  readonly casts: Cast[];
}

type Range = readonly [low: number, high: number];
export type Where = (x: number, z: number) => boolean;

export interface Field {
  readonly count: number;
  readonly x: Range;
  readonly z: Range;
  readonly size: Range;
  /** Where a thing may stand; all of these must hold. */
  readonly where?: readonly Where[];
}

/** Strews things over a field; those that fall on a forbidden spot are left out. */
export function strew(random: () => number, field: Field): Stand[] {
  const { where = [] } = field;
  return Array.from({ length: field.count }, (): Stand => {
    const [x, z] = [mix(...field.x, random()), mix(...field.z, random())];
    return {
      at: [x, groundHeight(x, z), z],
      size: mix(...field.size, random()),
      turn: random() * Math.PI * 2,
    };
  }).filter(({ at: [x, , z] }) => where.every((allows) => allows(x, z)));
}

export const on =
  (name: PlaceName): Where =>
  (x, z) =>
    soilWeight(name, x, z) > 0.5;

/** At least this far from the middle of the path. */
export const offPath =
  (metres: number): Where =>
  (x, z) =>
    Math.abs(z - pathAt(x)) > metres;

/** At least this far from everything that the game wants one to reach. */
export const clearOf =
  (metres: number): Where =>
  (x, z) =>
    MAP.every(({ lantern, tokens }) =>
      [lantern, ...tokens].every((spot) => distance(spot, { x, z }) > metres),
    );

export const several = (count: number, make: () => Sketch): Sketch[] =>
  Array.from({ length: count }, make);

const SHADE = paint("#0c1012");

/** Makes things solid, each with a radius of so many metres times its size, and darkens their feet. */
export function root(planting: Planting, stands: readonly Stand[], metres: number): void {
  for (const { at, size } of stands) {
    const [x, , z] = at;
    const radius = metres * size;
    planting.obstacles.push({ x, z, radius });
    planting.patches.push({ x, z, radius: radius * 2 + 0.9, paint: SHADE, strength: 0.75 });
  }
}

/** Lets things cast long shadows; lengths in metres for a thing of size 1. */
export function shade(
  { casts }: Planting,
  stands: readonly Stand[],
  { width, length, crown }: Omit<Cast, "x" | "z">,
): void {
  for (const { at, size } of stands) {
    const [x, , z] = at;
    const cast = { x, z, width: width * size, length: length * size };
    casts.push(crown === undefined ? cast : { ...cast, crown: crown * size });
  }
}
