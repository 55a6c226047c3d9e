import { eastEnd } from "../game/step.ts";
import type { GameState } from "../game/state.ts";
import { approach, createRandom, mix } from "../maths.ts";
import { groundHeight } from "../places/terrain.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint } from "../shapes/shapes.ts";

/** Darkness that bars the way to the next place until the lantern shines. */
export type Gate = (dt: number, time: number, state: GameState, smoke: Puffs) => void;

const PUFFS = 26;

export function createGate(): Gate {
  const random = createRandom(5);
  const wisps = Array.from({ length: PUFFS }, (_, i): Puff & { phase: number; high: number } => ({
    x: 0,
    y: 0,
    z: mix(-7, 11, i / PUFFS),
    size: mix(3, 5, random()),
    alpha: 0,
    paint: paint("#06060c"),
    phase: random() * 7,
    high: random() * 4.5,
  }));
  const now = { x: 0, alpha: 0 };
  return (dt, time, state, smoke) => {
    const x = eastEnd(state) + 2.4;
    const isShut = state.lanterns < 4;
    // The old one thins out where it stands before the next is seen.
    if (Math.abs(x - now.x) > 0.1 && now.alpha < 0.02) now.x = x;
    const wanted = isShut && Math.abs(x - now.x) < 0.1 ? 0.62 : 0;
    now.alpha = mix(now.alpha, wanted, approach(dt, 1.2));
    for (const wisp of wisps) {
      wisp.x = now.x + 1.1 * Math.sin(time * 0.3 + wisp.phase);
      wisp.y = groundHeight(now.x, wisp.z) + wisp.high + 0.3 * Math.sin(time * 0.5 + wisp.phase);
      wisp.alpha = now.alpha;
      smoke.draw(wisp);
    }
  };
}
