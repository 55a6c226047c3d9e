import type { Puff, Puffs } from "../shapes/puffs.ts";
import { paint } from "../shapes/shapes.ts";

export interface OwlPose {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** 0 on its branch, 1 at the lantern. */
  readonly t: number;
  readonly time: number;
  readonly index: number;
}

const part = (code: string, rest: Partial<Puff>): Puff => ({
  x: 0,
  y: 0,
  z: 0,
  size: 1,
  alpha: 1,
  paint: paint(code),
  forward: 0.4,
  ...rest,
});

const HALO = part("#ffb84a", { size: 2.6, alpha: 0.24 });
const BODY = part("#ffd36b", { size: 0.62, stretch: 1.35, alpha: 0.42, hardness: 0.4 });
const HEAD = part("#ffe3a0", { size: 0.46, alpha: 0.36, hardness: 0.6 });
const WING = part("#ffc861", { size: 0.5, stretch: 1.1, alpha: 0.3, hardness: 0.2 });
const EYE = part("#fffbe8", { size: 0.13, alpha: 1, hardness: 0.8, forward: 0.5 });

/** An owl of light: it blinks while it sits, and beats its wings while it flies. */
export function drawOwl(puffs: Puffs, { x, y, z, t, time, index }: OwlPose): void {
  const flying = t > 0.04 && t < 0.97;
  const beat = flying ? Math.sin(time * 11) : 0.1 * Math.sin(time * 1.3 + index);
  const put = (puff: Puff, dx: number, dy: number): void => {
    puff.x = x + dx;
    puff.y = y + dy;
    puff.z = z;
    puffs.draw(puff);
  };
  put(HALO, 0, 0);
  for (const side of [-1, 1]) put(WING, side * (flying ? 0.42 : 0.24), 0.02 + beat * 0.16);
  put(BODY, 0, 0);
  put(HEAD, 0, 0.34);
  const blinks = Math.sin(time * 0.7 + index * 2) > 0.985;
  if (blinks) return;
  for (const side of [-1, 1]) put(EYE, side * 0.1, 0.37);
}
