import type { Node } from "@babylonjs/core/node";
import { positionOf, type Position } from "./position.ts";

/** Something of the game between 0 and 1, read once a frame. */
export type Share = () => number;

export interface ThreatOptions {
  readonly listener: Node | (() => Position);
  /** What threatens, as it is now. */
  readonly threats: () => Iterable<{ readonly position: Position }>;
  /** From here on, in the scene's units, a threat counts; default 18. */
  readonly reach?: number;
}

/**
 * How near the nearest threat is: 0 beyond `reach`, 1 at the listener; each further threat within reach adds a
 * share of what is left to 1.
 */
export function threatNear({ listener, threats, reach = 18 }: ThreatOptions): Share {
  const listen = positionOf(listener);
  return () => {
    const at = listen();
    let safety = 1;
    for (const { position } of threats()) {
      const distance = Math.hypot(position.x - at.x, position.y - at.y, position.z - at.z);
      safety *= Math.min(1, distance / reach);
    }
    return 1 - safety;
  };
}

/** How much of health, light or time is gone: 0 when full, 1 at nothing. */
export const lost =
  (left: () => number, full = 1): Share =>
  () =>
    share(1 - left() / full);

/** How much was taken lately. */
export interface RecentDamage {
  /** Tells of damage, as a share of what there is at most. */
  add(amount: number): void;
  readonly share: Share;
}

/** Damage over time: what is added counts half after `halfLife` seconds, default 3. `clock` in seconds. */
export function recentDamage(
  halfLife = 3,
  clock: () => number = () => performance.now() / 1000,
): RecentDamage {
  let level = 0;
  let since = clock();
  const now = (): number => {
    const at = clock();
    level *= 0.5 ** (Math.max(0, at - since) / halfLife);
    since = at;
    return level;
  };
  return {
    add(amount) {
      level = share(now() + share(amount));
    },
    share: now,
  };
}

/** How fast a node goes, smoothed over half a second: 1 at `top` of the scene's units a second. */
export function speedOf(
  node: Node | (() => Position),
  top: number,
  clock: () => number = () => performance.now() / 1000,
): Share {
  const place = positionOf(node);
  let last: { x: number; y: number; z: number; at: number } | undefined;
  let speed = 0;
  return () => {
    const { x, y, z } = place();
    const at = clock();
    if (last === undefined) {
      last = { x, y, z, at };
      return 0;
    }
    const passed = at - last.at;
    if (passed > 0) {
      const now = Math.hypot(x - last.x, y - last.y, z - last.z) / passed;
      speed += (now - speed) * (1 - Math.exp(-passed / SMOOTHING));
      last.x = x;
      last.y = y;
      last.z = z;
      last.at = at;
    }
    return share(speed / top);
  };
}

const SMOOTHING = 0.5;

export interface IntensityParts {
  /** Counts whole. */
  readonly threat?: Share;
  /** Counts half. */
  readonly lost?: Share;
  /** Counts for six tenths. */
  readonly damage?: Share;
  /** Counts for two tenths. */
  readonly speed?: Share;
}

const WEIGHTS = { threat: 1, lost: 0.5, damage: 0.6, speed: 0.2 } as const;
const PARTS = ["threat", "lost", "damage", "speed"] as const;

/**
 * One intensity of several reasons, each of which adds its weighted share of what is left to 1, as
 * probabilities of independent causes do ("noisy or"): a single strong one is enough, several weak ones add up.
 *
 * @example
 * const damage = recentDamage();
 * attachSoundtrack(scene, music, {
 *   listener: camera,
 *   zones: [],
 *   intensity: intensityFrom({
 *     threat: threatNear({ listener: camera, threats: () => enemies }),
 *     lost: lost(() => health.left, 100),
 *     damage: damage.share,
 *   }),
 * });
 */
export const intensityFrom =
  (parts: IntensityParts): Share =>
  () => {
    let calm = 1;
    for (const name of PARTS) {
      const part = parts[name];
      if (part !== undefined) calm *= 1 - WEIGHTS[name] * share(part());
    }
    return 1 - calm;
  };

/** Within [0, 1]; what is no number counts as 0. */
const share = (value: number): number => (value > 0 ? Math.min(1, value) : 0);
