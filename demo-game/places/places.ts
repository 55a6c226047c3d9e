import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { smooth } from "../maths.ts";

/** The names are those of the score's locations. */
export type PlaceName = "meadow" | "wood" | "cave";

/** What the air of a place looks like. Lights are strengths from 0. */
export interface Look {
  readonly skyTop: Color3;
  readonly horizon: Color3;
  readonly ground: Color3;
  readonly key: Color3;
  readonly accent: Color3;
  sun: number;
  stars: number;
  /** Share of the view that the air takes in per metre. */
  fog: number;
  keyLight: number;
  wind: number;
}

export interface Place {
  readonly name: PlaceName;
  readonly title: string;
  /** The stretch of the walk along x, in metres. */
  readonly west: number;
  readonly east: number;
  readonly look: Look;
}

/** The walk is one strip: x from west to east through all places, z in depth. */
export const WALK = { west: -44, east: 44, near: -6, far: 8 } as const;

const hex = (code: string): Color3 => Color3.FromHexString(code);

export const PLACES: readonly Place[] = [
  {
    name: "meadow",
    title: "Meadow of Reeds",
    west: -46,
    east: -15,
    look: {
      skyTop: hex("#2B2E5A"),
      horizon: hex("#E7A07B"),
      ground: hex("#54613F"),
      key: hex("#FFC98A"),
      accent: hex("#F2E9C9"),
      sun: 1,
      stars: 0.15,
      fog: 0.021,
      keyLight: 0.75,
      wind: 1,
    },
  },
  {
    name: "wood",
    title: "Birch Wood",
    west: -15,
    east: 15,
    look: {
      skyTop: hex("#0F2233"),
      horizon: hex("#5E8FA3"),
      ground: hex("#24382F"),
      key: hex("#BFE3EA"),
      accent: hex("#FFD36B"),
      sun: 0.12,
      stars: 0.8,
      fog: 0.036,
      keyLight: 0.5,
      wind: 0.5,
    },
  },
  {
    name: "cave",
    title: "Echo Cave",
    west: 15,
    east: 46,
    look: {
      skyTop: hex("#050409"),
      horizon: hex("#3B1F4A"),
      ground: hex("#1A1420"),
      key: hex("#C77DFF"),
      accent: hex("#6FFFE0"),
      sun: 0,
      stars: 0,
      fog: 0.03,
      keyLight: 0.42,
      wind: 0.05,
    },
  },
];

/** Width of the stretch in which one place's air turns into the next one's. */
const BORDER = 9;

/** How much a place is there at x; the weights of all places add up to 1. */
export function placeWeight(place: Place, x: number): number {
  const first = place === PLACES[0];
  const last = place === PLACES.at(-1);
  const entered = first ? 1 : smooth((x - place.west) / BORDER + 0.5);
  const left = last ? 0 : smooth((x - place.east) / BORDER + 0.5);
  return entered - left;
}

export function createLook(): Look {
  return {
    skyTop: new Color3(),
    horizon: new Color3(),
    ground: new Color3(),
    key: new Color3(),
    accent: new Color3(),
    sun: 0,
    stars: 0,
    fog: 0,
    keyLight: 0,
    wind: 0,
  };
}

const COLOURS = ["skyTop", "horizon", "ground", "key", "accent"] as const;
const NUMBERS = ["sun", "stars", "fog", "keyLight", "wind"] as const;

/** Writes the look at x into `out`, mixed from the places around. */
export function lookAt(x: number, out: Look): void {
  for (const name of COLOURS) out[name].set(0, 0, 0);
  for (const name of NUMBERS) out[name] = 0;
  for (const place of PLACES) {
    const weight = placeWeight(place, x);
    if (weight <= 0) continue;
    for (const name of COLOURS) place.look[name].scaleAndAddToRef(weight, out[name]);
    for (const name of NUMBERS) out[name] += weight * place.look[name];
  }
}
