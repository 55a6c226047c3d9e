/** A repeatable stream of numbers in [0, 1) (mulberry32, Tommy Ettinger, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number in [0, 1) that belongs to a point of a whole-numbered grid. */
export function hash2(x: number, z: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(z | 0, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

/** Smooth value noise in [0, 1) with features one unit wide. */
export function noise2(x: number, z: number): number {
  const x0 = Math.floor(x);
  const z0 = Math.floor(z);
  const u = smooth(x - x0);
  const v = smooth(z - z0);
  const near = mix(hash2(x0, z0), hash2(x0 + 1, z0), u);
  const far = mix(hash2(x0, z0 + 1), hash2(x0 + 1, z0 + 1), u);
  return mix(near, far, v);
}

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
/** 0 at 0, 1 at 1, flat at both ends; clamps outside. */
export function smooth(t: number): number {
  const c = clamp(t, 0, 1);
  return c * c * (3 - 2 * c);
}
/** How much of the way to go in `dt` seconds to close a gap with the given time constant. */
export const approach = (dt: number, timeConstant: number): number =>
  1 - Math.exp(-dt / timeConstant);

/**
 * A critically damped spring: each call goes `dt` seconds towards `goal` and says where it is. It gets there without
 * swinging, in about `seconds`; the first call begins at its goal.
 */
export function createSpring(seconds: number): (goal: number, dt: number) => number {
  const pull = 2 / seconds;
  let at: number | undefined;
  let speed = 0;
  return (goal, dt) => {
    if (at === undefined) return (at = goal);
    const fade = Math.exp(-pull * dt);
    const off = at - goal;
    const push = (speed + pull * off) * dt;
    speed = (speed - pull * push) * fade;
    return (at = goal + (off + push) * fade);
  };
}
