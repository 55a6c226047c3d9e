import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { TransformNode } from "@babylonjs/core/Meshes/transformNode.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { pathAt, WALK, type Spot } from "./game/map.ts";
import { createHem, stepHem } from "./hem.ts";
import type { Wish } from "./input/input.ts";
import { approach, clamp } from "./maths.ts";
import { groundHeight, WATER_LEVEL } from "./places/terrain.ts";
import type { Obstacle } from "./places/planting.ts";
import { createCloak } from "./sketches/cloak.ts";
import { createLantern } from "./sketches/hand-lantern.ts";

export interface Player {
  /** Follows the figure's feet. */
  readonly node: TransformNode;
  readonly velocity: Vector3;
  /** Where the lantern's flame is. */
  readonly lamp: Vector3;
  /** Walks for `dt` seconds, 0.05 at most. */
  walk(dt: number, wish: Readonly<Wish>): void;
  /** Poses the figure for the frame, `dt` seconds after the last one. */
  pose(dt: number): void;
  moveTo(spot: Spot): void;
}

/** Metres a second: a stone of the lake a beat. */
const SPEED = 3;
/** Seconds to reach it, and to stand still again. */
const INERTIA = 0.14;
const BODY = 0.35;
/** Metres from the middle of the path within which it leads. */
const PATH_REACH = 3.5;
/** What a stone lifts one above the water. */
const ON_STONE = 0.17;

export interface PlayerOptions {
  readonly scene: Scene;
  readonly material: ShaderMaterial;
  readonly obstacles: readonly Obstacle[];
  /** Whether one may stand there. */
  readonly carries: (spot: Spot) => boolean;
  /** How far east one can go, in metres. */
  readonly eastEnd: () => number;
}

export function createPlayer(options: PlayerOptions): Player {
  const { scene, material, obstacles, carries, eastEnd } = options;
  const node = new TransformNode("player", scene);
  const body = new TransformNode("body", scene);
  body.parent = node;
  const cloak = createCloak(scene, material);
  cloak.mesh.parent = body;
  const hem = createHem();
  const stance = { x: 0, z: 0, heading: 0 };
  const lantern = createLantern(scene, material);
  const velocity = new Vector3();
  const lamp = new Vector3();
  const swing = { x: 0, z: 0, vx: 0, vz: 0 };
  const state = { heading: Math.PI / 2, stride: 0 };

  const step = (dt: number, wish: Readonly<Wish>): void => {
    const k = approach(dt, INERTIA);
    const ax = wish.x * SPEED - velocity.x;
    const az = (wish.z + alongPath(node.position, wish)) * SPEED - velocity.z;
    velocity.x += ax * k;
    velocity.z += az * k;
    const { position } = node;
    const { x, z } = position;
    position.x += velocity.x * dt;
    position.z += velocity.z * dt;
    keepOut(position, obstacles);
    position.x = clamp(position.x, WALK.west, Math.max(x, eastEnd()));
    position.z = clamp(position.z, WALK.near, WALK.far);
    stayOnFirm(position, { x, z }, carries);
    position.y = Math.max(WATER_LEVEL + ON_STONE, groundHeight(position.x, position.z));
    state.stride += Math.hypot(velocity.x, velocity.z) * dt;
    // The lantern hangs from a spring that lags behind the hand.
    swing.vx += (-42 * swing.x - 3.2 * swing.vx - ax * 2.2) * dt;
    swing.vz += (-42 * swing.z - 3.2 * swing.vz - az * 2.2) * dt;
    swing.x += swing.vx * dt;
    swing.z += swing.vz * dt;
  };

  const pose = (dt: number): void => {
    const speed = Math.hypot(velocity.x, velocity.z);
    if (speed > 0.3)
      state.heading = turnTowards(state.heading, Math.atan2(velocity.x, velocity.z), dt);
    const pace = Math.min(1, speed / SPEED);
    body.rotation.y = state.heading;
    body.rotation.x = pace * 0.13;
    body.rotation.z = Math.sin(state.stride * 2.6) * 0.045 * pace;
    body.position.y = Math.abs(Math.sin(state.stride * 2.6)) * 0.07 * pace;
    const { x, y, z } = node.position;
    const [sin, cos] = [Math.sin(state.heading), Math.cos(state.heading)];
    lamp.x = x + sin * 0.5 + cos * 0.3 + clamp(swing.x, -0.35, 0.35);
    lamp.z = z + cos * 0.5 - sin * 0.3 + clamp(swing.z, -0.35, 0.35);
    lamp.y = y + 0.78 + body.position.y;
    lantern.position.copyFrom(lamp);
    lantern.rotation.set(-swing.z * 0.9, state.heading, swing.x * 0.9);
    stance.x = x;
    stance.z = z;
    stance.heading = state.heading;
    stepHem(hem, dt, stance);
    cloak.hang(hem);
  };

  return {
    node,
    velocity,
    lamp,
    walk: step,
    pose,
    moveTo: ({ x, z }) => {
      node.position.set(x, groundHeight(x, z), z);
      velocity.setAll(0);
    },
  };
}

/** Who walks straight left or right near the path is led along it: a pull in z. */
function alongPath({ x, z }: Vector3, wish: Readonly<Wish>): number {
  if (wish.z !== 0 || wish.x === 0) return 0;
  const off = pathAt(x + Math.sign(wish.x)) - z;
  return Math.abs(off) < PATH_REACH ? clamp(off * 0.6, -0.5, 0.5) : 0;
}

/** Where the water does not carry, one slides along its edge or stays. */
function stayOnFirm(position: Vector3, before: Spot, carries: (spot: Spot) => boolean): void {
  const { x, z } = position;
  if (carries({ x, z })) return;
  const alongX = carries({ x, z: before.z });
  if (!alongX) position.x = before.x;
  if (alongX || !carries({ x: before.x, z })) position.z = before.z;
}

function keepOut(position: Vector3, obstacles: readonly Obstacle[]): void {
  for (const { x, z, radius } of obstacles) {
    const [dx, dz] = [position.x - x, position.z - z];
    const apart = radius + BODY;
    const distance = Math.hypot(dx, dz);
    if (distance >= apart || distance === 0) continue;
    position.x = x + (dx / distance) * apart;
    position.z = z + (dz / distance) * apart;
  }
}

function turnTowards(from: number, to: number, dt: number): number {
  const gap = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  return from + gap * approach(dt, 0.1);
}
