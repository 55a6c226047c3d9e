import { mix } from "../maths.ts";
import type { Frame } from "./materials.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint, type Paint } from "../shapes/shapes.ts";
import { groundHeight } from "../places/terrain.ts";

/** Motes that drift in the air of a place. */
interface Swarm {
  readonly count: number;
  readonly x: readonly [number, number];
  readonly z: readonly [number, number];
  readonly height: readonly [number, number];
  readonly size: number;
  readonly paint: Paint;
  readonly alpha: number;
}

type Drifter = Puff & {
  readonly home: { readonly x: number; readonly y: number; readonly z: number };
  readonly phase: number;
  readonly strength: number;
};

const swarm = (
  x: readonly [number, number],
  code: string,
  rest: Omit<Swarm, "x" | "paint">,
): Swarm => ({ x, paint: paint(code), ...rest });

const SWARMS: readonly Swarm[] = [
  swarm([-44, -14], "#ffe7a0", {
    count: 30,
    z: [-4, 13],
    height: [0.4, 2],
    size: 0.18,
    alpha: 0.9,
  }),
  swarm([-14, 15], "#bfe3ea", {
    count: 26,
    z: [-4, 12],
    height: [0.5, 3.5],
    size: 0.11,
    alpha: 0.7,
  }),
  swarm([17, 52], "#9db8ff", { count: 30, z: [-2, 16], height: [0.2, 2.4], size: 0.1, alpha: 0.7 }),
  swarm([54, 83], "#8fffe8", { count: 30, z: [-3, 11], height: [0.3, 4], size: 0.12, alpha: 0.7 }),
  swarm([86, 118], "#ffdfc0", { count: 34, z: [-4, 12], height: [0.2, 4], size: 0.08, alpha: 0.8 }),
];

/** Farther from the walker than this, in metres, nothing small is drawn. */
export const SEEN = 24;

export function createSwarms(random: () => number): (puffs: Puffs, frame: Frame) => void {
  const drifters = SWARMS.flatMap((each) => hatch(each, random));
  return (puffs, { time, pulse, walker }) => {
    for (const drifter of drifters) {
      if (Math.abs(drifter.home.x - walker.x) > SEEN) continue;
      drift(drifter, time, pulse);
      puffs.draw(drifter);
    }
  };
}

function hatch(each: Swarm, random: () => number): Drifter[] {
  return Array.from({ length: each.count }, () => {
    const [x, z] = [mix(...each.x, random()), mix(...each.z, random())];
    const home = { x, y: Math.max(-0.2, groundHeight(x, z)) + mix(...each.height, random()), z };
    return {
      ...home,
      home,
      size: each.size * mix(0.7, 1.3, random()),
      alpha: 0,
      paint: each.paint,
      phase: random() * 7,
      strength: each.alpha,
    };
  });
}

function drift(puff: Drifter, time: number, pulse: number): void {
  const { home, phase } = puff;
  puff.x = home.x + Math.sin(time * 0.41 + phase) * 0.9;
  puff.y = home.y + Math.sin(time * 0.63 + phase * 2) * 0.3;
  puff.z = home.z + Math.cos(time * 0.37 + phase) * 0.7;
  const glimmer = Math.max(0, Math.sin(time * 0.9 + phase * 3));
  puff.alpha = puff.strength * (0.2 + 0.7 * glimmer + 0.1 * pulse);
}
