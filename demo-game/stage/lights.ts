import type { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Shine } from "../places/planting.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint } from "../shapes/shapes.ts";
import { createRandom, mix } from "../maths.ts";
import type { Frame } from "./materials.ts";
import { createSwarms, SEEN } from "./swarms.ts";

/** The small lights of the air: motes, shafts between the trunks, what crystals give off, the walker's flame. */
export interface Lights {
  /** `level`: how loud the stem of a lantern is, 0–1. */
  draw(puffs: Puffs, frame: Frame, level: (lantern: number) => number): void;
}

type Halo = Puff & Pick<Shine, "lantern"> & { readonly phase: number };

export function createLights(shines: readonly Shine[]): Lights {
  const random = createRandom(3);
  const drawSwarms = createSwarms(random);
  const shafts = Array.from({ length: 9 }, (_, i): Puff => {
    const x = mix(-13, 13, (i + random() * 0.6) / 9);
    const z = mix(6, 15, random());
    return { x, y: 4.2, z, size: 2.2, stretch: 4.6, alpha: 0.1, paint: paint("#9fd4e0") };
  });
  const halos = shines.map((shine): Halo => ({
    ...shine,
    alpha: 0.34,
    forward: 1,
    phase: random() * 7,
  }));
  const origin = { x: 0, y: 0, z: 0 };
  const flame: Puff = { ...origin, size: 0.55, alpha: 0.9, paint: paint("#ffd890"), forward: 0.3 };
  const halo: Puff = { ...origin, size: 3, alpha: 0.3, paint: paint("#ff9f45"), forward: 0.8 };

  return {
    draw: (puffs, frame, level) => {
      const { time, pulse, lamp, lampLight, walker } = frame;
      drawSwarms(puffs, frame);
      for (const shaft of shafts) if (Math.abs(shaft.x - walker.x) < SEEN) puffs.draw(shaft);
      for (const light of halos) {
        if (Math.abs(light.x - walker.x) > SEEN) continue;
        const breath = 0.05 * Math.sin(time * 0.8 + light.phase);
        const loud = light.lantern === undefined ? 0.6 : level(light.lantern);
        light.alpha = 0.18 + breath + 0.16 * loud + 0.06 * pulse;
        puffs.draw(light);
      }
      follow(flame, lamp);
      follow(halo, lamp);
      flame.size = 0.5 + 0.06 * Math.sin(time * 13) * lampLight;
      flame.alpha = 0.4 + 0.5 * Math.min(1, lampLight);
      halo.alpha = 0.26 * lampLight * (1 + 0.1 * pulse);
      puffs.draw(halo);
      puffs.draw(flame);
    },
  };
}

function follow(puff: Puff, at: Vector3): void {
  puff.x = at.x;
  puff.y = at.y;
  puff.z = at.z;
}
