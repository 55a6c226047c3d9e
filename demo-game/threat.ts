import type { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { approach, clamp, createRandom, mix, smooth } from "./maths.ts";
import type { Puff, Puffs } from "./shapes/puffs.ts";
import { paint } from "./shapes/shapes.ts";
import { groundHeight } from "./places/terrain.ts";

/** The Hush: a silence that eats light. */
export interface Threat {
  readonly position: Readonly<{ x: number; y: number; z: number }>;
  /** 0 from 18 m away, 1 where it touches. */
  intensity(): number;
  update(dt: number, walker: Vector3): void;
  draw(smoke: Puffs, glow: Puffs): void;
}

/** Metres. */
const HEARD_FROM = 18;
const NOTICES_AT = 10;
const LOSES_AT = 14;
const KEEPS_OFF = 1.9;
/** Metres a second; the walker is faster. */
const STROLL = 1.1;
const CHASE = 3.1;
/** It does not leave the wood: a rectangle of the ground. */
const HAUNT = { west: -12, east: 12.5, near: -4, far: 7 };
const PUFFS = 34;

export function createThreat(): Threat {
  const random = createRandom(7);
  const position = { x: 4, y: 0, z: 3 };
  const goal = { x: 4, z: 3 };
  const state = { time: 0, chasing: false, distance: 99, speed: 0, look: 0 };
  const body: readonly (Puff & {
    readonly phase: number;
    readonly high: number;
    readonly out: number;
  })[] = Array.from({ length: PUFFS }, (_, i) => ({
    x: 0,
    y: 0,
    z: 0,
    size: mix(0.9, 2.1, random()),
    alpha: mix(0.4, 0.7, random()),
    paint: paint(i % 3 === 0 ? "#0b0a14" : "#05050a"),
    phase: random() * 7,
    high: (i + 0.5) / PUFFS,
    out: Math.sqrt(random()),
  }));
  const eyes: readonly Puff[] = [-1, 1].map(() => ({
    x: 0,
    y: 0,
    z: 0,
    size: 0.26,
    alpha: 1,
    paint: paint("#f4efdc"),
    stretch: 1.5,
    hardness: 0.7,
  }));
  const gleam: Puff = { x: 0, y: 0, z: 0, size: 1.6, alpha: 0.16, paint: paint("#cfd6ff") };

  const intensity = (): number => smooth(1 - state.distance / HEARD_FROM);

  const chooseGoal = (walker: Vector3): void => {
    state.chasing = state.distance < (state.chasing ? LOSES_AT : NOTICES_AT);
    if (state.chasing) {
      goal.x = walker.x;
      goal.z = walker.z;
    } else if (Math.hypot(goal.x - position.x, goal.z - position.z) < 1.5) {
      goal.x = mix(HAUNT.west, HAUNT.east, random());
      goal.z = mix(HAUNT.near, HAUNT.far, random());
    }
  };

  const update = (dt: number, walker: Vector3): void => {
    state.time += dt;
    state.distance = Math.hypot(walker.x - position.x, walker.z - position.z);
    chooseGoal(walker);
    const [dx, dz] = [goal.x - position.x, goal.z - position.z];
    const far = Math.hypot(dx, dz);
    const wanted = state.chasing ? CHASE * smooth((far - KEEPS_OFF) / 1.5) : STROLL;
    state.speed = mix(state.speed, wanted, approach(dt, 0.5));
    const way = Math.min(far, state.speed * dt);
    if (far > 0.01) {
      position.x = clamp(position.x + (dx / far) * way, HAUNT.west, HAUNT.east);
      position.z = clamp(position.z + (dz / far) * way, HAUNT.near, HAUNT.far);
    }
    position.y = groundHeight(position.x, position.z);
    state.look = mix(state.look, clamp((walker.x - position.x) / 6, -1, 1), approach(dt, 0.4));
  };

  const draw = (smoke: Puffs, glow: Puffs): void => {
    const near = intensity();
    const wide = mix(0.8, 1.15, near);
    for (const puff of body) {
      const turn = puff.phase + state.time * mix(0.35, 0.9, near) * (puff.out > 0.6 ? 1 : -1);
      const girth = wide * puff.out * mix(1.15, 0.3, puff.high * puff.high);
      puff.x = position.x + Math.cos(turn) * girth;
      puff.z = position.z + Math.sin(turn) * girth * 0.7;
      puff.y = position.y + 0.35 + puff.high * 2.7 + Math.sin(state.time * 1.3 + puff.phase) * 0.18;
      smoke.draw(puff);
    }
    const blink = Math.abs(Math.sin(state.time * 0.37)) < 0.035 ? 0 : 1;
    eyes.forEach((eye, i) => {
      eye.x = position.x + (i - 0.5) * 0.5 + state.look * 0.28;
      eye.y = position.y + 2.15 + Math.sin(state.time * 1.1) * 0.08;
      eye.z = position.z - 0.95;
      eye.alpha = blink * mix(0.75, 1, near);
      glow.draw(eye);
    });
    gleam.x = position.x + state.look * 0.28;
    gleam.y = position.y + 2.15;
    gleam.z = position.z - 0.9;
    glow.draw(gleam);
  };

  return { position, intensity, update, draw };
}
