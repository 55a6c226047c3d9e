import type { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { createRandom, mix } from "../maths.ts";
import type { Frame } from "./materials.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint, type Paint } from "../shapes/shapes.ts";
import { groundHeight } from "../places/terrain.ts";
import type { Shine } from "../places/planting.ts";

/** The small lights of the air: fireflies, motes, shafts between the trunks, what crystals give off. */
export interface Lights {
  draw(puffs: Puffs, frame: Frame): void;
}

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

const SWARMS: readonly Swarm[] = [
  {
    count: 34,
    x: [-44, -14],
    z: [-4, 13],
    height: [0.4, 2],
    size: 0.2,
    paint: paint("#ffe7a0"),
    alpha: 1,
  },
  {
    count: 26,
    x: [-14, 15],
    z: [-4, 12],
    height: [0.5, 3.5],
    size: 0.11,
    paint: paint("#bfe3ea"),
    alpha: 0.7,
  },
  {
    count: 30,
    x: [17, 45],
    z: [-3, 11],
    height: [0.3, 4],
    size: 0.12,
    paint: paint("#8fffe8"),
    alpha: 0.7,
  },
];

export function createLights(shines: readonly Shine[]): Lights {
  const random = createRandom(3);
  const drifters = SWARMS.flatMap((swarm) => hatch(swarm, random));
  const shafts = Array.from({ length: 9 }, (_, i): Puff => {
    const x = mix(-13, 13, (i + random() * 0.6) / 9);
    return {
      x,
      y: 4.2,
      z: mix(6, 15, random()),
      size: 2.2,
      stretch: 4.6,
      alpha: 0.1,
      paint: paint("#9fd4e0"),
    };
  });
  const halos = shines.map((shine): Puff & { readonly phase: number } => ({
    ...shine,
    alpha: 0.34,
    forward: 1,
    phase: random() * 7,
  }));
  const flame: Puff = {
    x: 0,
    y: 0,
    z: 0,
    size: 0.55,
    alpha: 0.9,
    paint: paint("#ffd890"),
    forward: 0.3,
  };
  const halo: Puff = {
    x: 0,
    y: 0,
    z: 0,
    size: 3,
    alpha: 0.3,
    paint: paint("#ff9f45"),
    forward: 0.8,
  };

  return {
    draw: (puffs, { time, pulse, lamp, lampLight }) => {
      for (const drifter of drifters) {
        drift(drifter, time, pulse);
        puffs.draw(drifter);
      }
      for (const shaft of shafts) puffs.draw(shaft);
      for (const light of halos) {
        light.alpha = 0.24 + 0.05 * Math.sin(time * 0.8 + light.phase) + 0.12 * pulse;
        puffs.draw(light);
      }
      follow(flame, lamp);
      follow(halo, lamp);
      flame.size = 0.5 + 0.06 * Math.sin(time * 13) * lampLight;
      flame.alpha = 0.4 + 0.5 * Math.min(1, lampLight);
      halo.alpha = 0.26 * lampLight * (1 + 0.12 * pulse);
      puffs.draw(halo);
      puffs.draw(flame);
    },
  };
}

function hatch(swarm: Swarm, random: () => number): Drifter[] {
  return Array.from({ length: swarm.count }, () => {
    const [x, z] = [mix(...swarm.x, random()), mix(...swarm.z, random())];
    const y = groundHeight(x, z) + mix(...swarm.height, random());
    const size = swarm.size * mix(0.7, 1.3, random());
    const home = { x, y, z };
    return {
      ...home,
      home,
      size,
      alpha: 0,
      paint: swarm.paint,
      phase: random() * 7,
      strength: swarm.alpha,
    };
  });
}

function drift(puff: Drifter, time: number, pulse: number): void {
  const { home, phase } = puff;
  puff.x = home.x + Math.sin(time * 0.41 + phase) * 0.9;
  puff.y = home.y + Math.sin(time * 0.63 + phase * 2) * 0.3;
  puff.z = home.z + Math.cos(time * 0.37 + phase) * 0.7;
  const glimmer = Math.max(0, Math.sin(time * 0.9 + phase * 3));
  puff.alpha = puff.strength * (0.15 + 0.65 * glimmer + 0.2 * pulse);
}

function follow(puff: Puff, at: Vector3): void {
  puff.x = at.x;
  puff.y = at.y;
  puff.z = at.z;
}
