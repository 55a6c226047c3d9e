import { mix, smooth } from "../maths.ts";

/** Where everything is, in metres: x along the walk from west to east, z away from the eye. */

/** The names are those of the score's locations, in the order of the walk. */
export type PlaceName = "meadow" | "wood" | "lake" | "cave" | "ridge";

export interface Spot {
  readonly x: number;
  readonly z: number;
}

type Act = "fireflies" | "owls" | "stones" | "crystals" | "courage";

export interface MapPlace {
  readonly name: PlaceName;
  readonly title: string;
  readonly west: number;
  readonly east: number;
  /** Where one stands to wake the lantern. */
  readonly lantern: Spot;
  readonly act: Act;
  /** What the act asks one to reach: fireflies, owls, stones, crystals. */
  readonly tokens: readonly Spot[];
  /** Metres from which a token is reached. */
  readonly reach: number;
  /** The middle of where the Hush waits. */
  readonly haunt: Spot;
}

/** The walk is one strip through all places. */
export const WALK = { west: -44, east: 117, near: -6, far: 8 } as const;
export const START: Spot = { x: -41, z: 0 };

const ring = (count: number, { x, z }: Spot, radius: number): readonly Spot[] =>
  Array.from({ length: count }, (_, i) => {
    const angle = (i / count) * Math.PI * 2;
    return { x: x + Math.cos(angle) * radius, z: z + Math.sin(angle) * radius };
  });

/** The lake's stretch along x, and what stands in it. */
export const WATER = { west: 21.4, east: 48.6 } as const;
export const ISLAND = { x: 42.4, z: 1.4, radius: 4.2 } as const;

/** The wavering line of the lake's stones, as z for an x. */
export const stoneLine = (x: number): number => 0.4 + Math.sin((x - 22.6) * 0.5) * 0.9;

/** The eight stones of the lake, from shore to island. */
const STONES: readonly Spot[] = Array.from({ length: 8 }, (_, i) => {
  const x = 22.6 + i * 2.2;
  return { x, z: stoneLine(x) };
});

export const MAP: readonly MapPlace[] = [
  {
    name: "meadow",
    title: "Meadow of Reeds",
    west: -46,
    east: -15,
    lantern: { x: -27, z: 4.6 },
    act: "fireflies",
    tokens: ring(7, { x: -27, z: 2 }, 3.3),
    reach: 1.3,
    haunt: { x: -20, z: 5 },
  },
  {
    name: "wood",
    title: "Birch Wood",
    west: -15,
    east: 15,
    lantern: { x: 3.5, z: 4.6 },
    act: "owls",
    tokens: [
      { x: -9.5, z: 4.5 },
      { x: -3.5, z: -2.5 },
      { x: 9, z: 4.8 },
      { x: 10.5, z: -2 },
    ],
    reach: 2.2,
    haunt: { x: 0, z: 1 },
  },
  {
    name: "lake",
    title: "Glass Lake",
    west: 15,
    east: 52,
    lantern: { x: 42.6, z: 2.6 },
    act: "stones",
    tokens: STONES,
    reach: 1.1,
    haunt: { x: 34, z: 6 },
  },
  {
    name: "cave",
    title: "Echo Cave",
    west: 52,
    east: 83,
    lantern: { x: 73.4, z: 3.4 },
    act: "crystals",
    tokens: [
      { x: 61, z: 5.2 },
      { x: 67.5, z: -2.2 },
      { x: 78, z: 4.8 },
    ],
    reach: 2.6,
    haunt: { x: 71, z: -1 },
  },
  {
    name: "ridge",
    title: "High Ridge",
    west: 83,
    east: 120,
    lantern: { x: 107, z: 3.4 },
    act: "courage",
    tokens: [],
    reach: 5,
    haunt: { x: 100, z: 3 },
  },
];

/** The middle of the trodden path, as z for an x; over the lake it follows the stones. */
export function pathAt(x: number): number {
  const path = Math.sin(x * 0.13) * 1.6 + Math.sin(x * 0.31 + 1) * 0.5;
  const onLake = smooth((x - WATER.west + 3) / 3) * smooth((WATER.east + 3 - x) / 3);
  return mix(path, stoneLine(x), onLake);
}

/** The place with this number; the last one beyond. */
export function placeAt(index: number): MapPlace {
  const place = MAP[Math.min(index, MAP.length - 1)];
  if (place === undefined) throw new RangeError(`there is no place ${index}`);
  return place;
}

/** The number of the place at x. */
export function placeIndexAt(x: number): number {
  const found = MAP.findIndex(({ east }) => x < east);
  return found < 0 ? MAP.length - 1 : found;
}

export const distance = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.z - b.z);
