import { isBeset } from "../game/acts.ts";
import { distance, type Spot } from "../game/map.ts";
import type { GameState } from "../game/state.ts";
import { approach, clamp, createRandom, mix } from "../maths.ts";
import { groundHeight } from "../places/terrain.ts";
import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint } from "../shapes/shapes.ts";

/** What the Hush looks like: soft darkness and two pale eyes. */
export interface HushLook {
  draw(dt: number, state: GameState, smoke: Puffs, glow: Puffs): void;
}

const PUFFS = 30;
/** Shades that stand around who is brave on the ridge, and their distance in metres. */
const SHADES = 7;
const SIEGE = 4.2;
const FRONT = -0.2;

type Wisp = Puff & { readonly phase: number; readonly high: number; readonly out: number };

const wisps = (count: number, random: () => number): readonly Wisp[] =>
  Array.from({ length: count }, (_, i) => ({
    x: 0,
    y: 0,
    z: 0,
    size: mix(0.9, 2.1, random()),
    alpha: 0,
    paint: paint(i % 3 === 0 ? "#0b0a14" : "#05050a"),
    phase: random() * 7,
    high: (i + 0.5) / count,
    out: Math.sqrt(random()),
  }));

export function createHushLook(): HushLook {
  const random = createRandom(7);
  const body = wisps(PUFFS, random);
  const shade = wisps(9, random);
  const eye = {
    x: 0,
    y: 0,
    z: 0,
    size: 0.26,
    alpha: 1,
    paint: paint("#f4efdc"),
    stretch: 1.5,
    hardness: 0.7,
  };
  const gleam: Puff = { x: 0, y: 0, z: 0, size: 1.6, alpha: 0.16, paint: paint("#cfd6ff") };
  const now = { time: 0, look: 0, siege: 0, near: 0 };

  const drawBody = (parts: readonly Wisp[], at: Spot, presence: number, smoke: Puffs): void => {
    const y = groundHeight(at.x, at.z);
    const wide = mix(0.8, 1.15, now.near);
    for (const puff of parts) {
      const turn = puff.phase + now.time * mix(0.35, 0.9, now.near) * (puff.out > 0.6 ? 1 : -1);
      const girth = wide * puff.out * mix(1.15, 0.3, puff.high * puff.high);
      puff.x = at.x + Math.cos(turn) * girth;
      puff.z = at.z + Math.sin(turn) * girth * 0.7;
      puff.y = y + 0.35 + puff.high * 2.7 + Math.sin(now.time * 1.3 + puff.phase) * 0.18;
      puff.alpha = presence * mix(0.4, 0.7, (puff.phase * 3) % 1);
      smoke.draw(puff);
    }
  };
  const drawEyes = (at: Spot, presence: number, glow: Puffs): void => {
    const y = groundHeight(at.x, at.z);
    const blink = Math.abs(Math.sin(now.time * 0.37 + at.x)) < 0.035 ? 0 : 1;
    for (const side of [-0.5, 0.5]) {
      eye.x = at.x + side * 0.5 + now.look * 0.28;
      eye.y = y + 2.15 + Math.sin(now.time * 1.1) * 0.08;
      eye.z = at.z - 0.95;
      eye.alpha = blink * mix(0.75, 1, now.near) * presence;
      glow.draw(eye);
    }
    gleam.x = at.x + now.look * 0.28;
    gleam.y = y + 2.15;
    gleam.z = at.z - 0.9;
    gleam.alpha = 0.16 * presence;
    glow.draw(gleam);
  };

  return {
    draw: (dt, state, smoke, glow) => {
      const { hush, at } = state;
      now.time += dt;
      now.near = hush.presence * clamp(1 - distance(hush, at) / 12, 0, 1);
      now.look = mix(now.look, clamp((at.x - hush.x) / 6, -1, 1), approach(dt, 0.4));
      now.siege = mix(now.siege, isBeset(state) ? hush.presence : 0, approach(dt, 0.8));
      if (hush.presence > 0.01) {
        drawBody(body, hush, hush.presence, smoke);
        drawEyes(hush, hush.presence, glow);
      }
      if (now.siege < 0.02) return;
      for (let i = 0; i < SHADES; i += 1) {
        const angle = (i / SHADES) * Math.PI * 2 + now.time * 0.12 + 0.4;
        // One in front of the eye would hide who stands there.
        if (Math.sin(angle) < FRONT) continue;
        const spot = { x: at.x + Math.cos(angle) * SIEGE * 1.3, z: at.z + Math.sin(angle) * SIEGE };
        drawBody(shade, spot, now.siege * 0.9, smoke);
        drawEyes(spot, now.siege * 0.8, glow);
      }
    },
  };
}
