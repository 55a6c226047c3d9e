import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { MAP, type MapPlace, type PlaceName } from "../game/map.ts";
import { mix, smooth } from "../maths.ts";

/** What the air of a place looks like. Lights are strengths from 0. */
export interface Look {
  readonly skyTop: Color3;
  readonly horizon: Color3;
  readonly ground: Color3;
  readonly key: Color3;
  readonly accent: Color3;
  /** Strength of sun or moon, and the sine of its height above the horizon. */
  sun: number;
  sunHeight: number;
  stars: number;
  /** Share of the view that the air takes in per metre. */
  fog: number;
  keyLight: number;
  wind: number;
  /** How much colour the world has: 0 none, 1 all. */
  life: number;
  /** Radians by which one looks to the east of straight ahead. */
  yaw: number;
}

const hex = (code: string): Color3 => Color3.FromHexString(code);

interface Air {
  /** Sky above, horizon and fog, ground, key light, accent. */
  readonly colours: readonly [string, string, string, string, string];
  readonly lights: Omit<Look, "skyTop" | "horizon" | "ground" | "key" | "accent" | "life" | "yaw">;
  /** Colour that is left while the lantern of the place is dark. */
  readonly asleep: number;
  /** Degrees by which one looks to the east of straight ahead. */
  readonly turn: number;
}

const AIRS: Readonly<Record<PlaceName | "morning", Air>> = {
  meadow: {
    colours: ["#2B2E5A", "#E7A07B", "#54613F", "#FFC98A", "#F2E9C9"],
    lights: { sun: 1, sunHeight: 0.062, stars: 0.15, fog: 0.023, keyLight: 0.85, wind: 1 },
    asleep: 0.68,
    turn: -9,
  },
  wood: {
    colours: ["#0F2233", "#5E8FA3", "#24382F", "#BFE3EA", "#FFD36B"],
    lights: { sun: 0.12, sunHeight: 0.05, stars: 0.8, fog: 0.036, keyLight: 0.75, wind: 0.5 },
    asleep: 0.6,
    turn: 8,
  },
  lake: {
    colours: ["#070B1E", "#2C3F73", "#101A2E", "#9DB8FF", "#E9F4FF"],
    lights: { sun: 0.62, sunHeight: 0.34, stars: 1, fog: 0.019, keyLight: 0.6, wind: 0.3 },
    asleep: 0.6,
    turn: -7,
  },
  cave: {
    colours: ["#050409", "#3B1F4A", "#1A1420", "#C77DFF", "#6FFFE0"],
    lights: { sun: 0, sunHeight: 0.1, stars: 0, fog: 0.03, keyLight: 0.55, wind: 0.05 },
    asleep: 0.35,
    turn: 10,
  },
  ridge: {
    colours: ["#1B1A3A", "#D86C6C", "#3A3340", "#FFDDB0", "#FFFFFF"],
    lights: { sun: 0.35, sunHeight: -0.06, stars: 0.75, fog: 0.013, keyLight: 0.6, wind: 1.3 },
    asleep: 0.72,
    turn: -9,
  },
  // The ridge when the sun is up.
  morning: {
    colours: ["#4A5E9C", "#F0A183", "#5A5148", "#FFDDB0", "#FFFFFF"],
    lights: { sun: 1.25, sunHeight: 0.1, stars: 0, fog: 0.012, keyLight: 0.95, wind: 1 },
    asleep: 1,
    turn: -9,
  },
};

const COLOURS = ["skyTop", "horizon", "ground", "key", "accent"] as const;
const NUMBERS = ["sun", "sunHeight", "stars", "fog", "keyLight", "wind"] as const;

const MIXED = new Map(
  Object.entries(AIRS).map(([name, { colours, lights, asleep, turn }]) => [
    name,
    { colours: colours.map(hex), lights, asleep, yaw: (turn * Math.PI) / 180 },
  ]),
);

function airOf(name: PlaceName | "morning") {
  const air = MIXED.get(name);
  if (air === undefined) throw new RangeError(`there is no air of ${name}`);
  return air;
}

/** Width of the stretch in which one place's air turns into the next one's. */
const BORDER = 9;

/** How much a place is there at x; the weights of all places add up to 1. */
export function placeWeight(place: MapPlace, x: number): number {
  const entered = place === MAP[0] ? 1 : smooth((x - place.west) / BORDER + 0.5);
  const left = place === MAP.at(-1) ? 0 : smooth((x - place.east) / BORDER + 0.5);
  return entered - left;
}

export const createLook = (): Look => ({
  skyTop: new Color3(),
  horizon: new Color3(),
  ground: new Color3(),
  key: new Color3(),
  accent: new Color3(),
  sun: 0,
  sunHeight: 0,
  stars: 0,
  fog: 0,
  keyLight: 0,
  wind: 0,
  life: 0,
  yaw: 0,
});

export interface Hour {
  /** Lanterns that shine: the places before this one have their colour. */
  readonly lanterns: number;
  /** How far the sun has risen over the ridge, 0–1. */
  readonly dawn: number;
}

/** Writes the look at x into `out`, mixed from the places around. */
export function lookAt(x: number, { lanterns, dawn }: Hour, out: Look): void {
  for (const name of COLOURS) out[name].set(0, 0, 0);
  for (const name of NUMBERS) out[name] = 0;
  out.life = 0;
  out.yaw = 0;
  MAP.forEach((place, index) => {
    const weight = placeWeight(place, x);
    if (weight <= 0) return;
    const air = airOf(place.name);
    out.life += weight * (index < lanterns ? 1 : air.asleep);
    out.yaw += weight * air.yaw;
    if (place.name !== "ridge") return add(air, weight, out);
    add(air, weight * (1 - dawn), out);
    add(airOf("morning"), weight * dawn, out);
  });
  // The sun shows its edge late in the finale: it rises with the last phrase.
  out.sunHeight += mix(0, 0.02, dawn) * smooth(dawn * 2 - 1);
}

function add({ colours, lights }: ReturnType<typeof airOf>, weight: number, out: Look): void {
  COLOURS.forEach((name, i) => colours[i]?.scaleAndAddToRef(weight, out[name]));
  for (const name of NUMBERS) out[name] += weight * lights[name];
}
