import { clamp, mix } from "./maths.ts";

/**
 * The hem of the walker's cloak: eight points that hang on to the body, lag behind it and swing (Verlet's method).
 * Metres and seconds; x and z as in the world.
 */
export interface Hem {
  readonly x: Float64Array;
  readonly z: Float64Array;
  /** Where the points were a step ago. */
  readonly lastX: Float64Array;
  readonly lastZ: Float64Array;
  /** Where the body was, and seconds that were too few for a step. */
  readonly body: BodyPose;
  left: number;
}

/** Where the body stands, and the angle at which it looks: 0 along z, a quarter turn along x. */
export interface BodyPose {
  x: number;
  z: number;
  heading: number;
}

export const HEM_POINTS = 8;
/** The hem at rest: its radius, and how far behind the body its middle is. */
export const HEM_RADIUS = 0.44;
export const HEM_BACK = 0.1;
/** Nearer the legs are in the way, further the cloth does not go. */
const INNER = 0.3;
const OUTER = 0.72;
/** A point stays so near its own direction, in radians, that it never comes past its neighbour: less than π / 8. */
const ASIDE = 0.34;
/** Between neighbours, as shares of what is between them at rest. */
const TIGHT = 0.7;
const WIDE = 1.3;
/** Pull towards rest (1/s²) and what the air takes of a movement (1/s). */
const PULL = 55;
const DRAG = 3.4;
/** Seconds of a step, and of the longest frame. */
const STEP = 1 / 120;
const LONGEST = 0.25;
/** Who is so far from where they were was put there. */
const JUMP = 1.5;

export function createHem(): Hem {
  const points = (): Float64Array => new Float64Array(HEM_POINTS);
  const hem = { x: points(), z: points(), lastX: points(), lastZ: points(), left: 0 };
  const body = { x: 0, z: 0, heading: 0 };
  return hang({ ...hem, body }, body);
}

/**
 * Lets the hem follow the body for `dt` seconds; what is no positive number counts as 0, and more than a
 * quarter of a second as that. Writes into `hem` and reads nothing else: the same hem, time and pose give the same.
 */
export function stepHem(hem: Hem, dt: number, pose: Readonly<BodyPose>): void {
  const { body } = hem;
  if (!(Math.hypot(pose.x - body.x, pose.z - body.z) < JUMP)) {
    hang(hem, pose);
    return;
  }
  const time = hem.left + (dt > 0 ? Math.min(dt, LONGEST) : 0);
  const steps = Math.floor(time / STEP);
  hem.left = time - steps * STEP;
  const turn = Math.atan2(
    Math.sin(pose.heading - body.heading),
    Math.cos(pose.heading - body.heading),
  );
  for (let i = 0; i < steps; i += 1) {
    // What is left of the way is gone in equal parts.
    const part = 1 / (steps - i);
    body.x = mix(body.x, pose.x, part);
    body.z = mix(body.z, pose.z, part);
    body.heading += turn / steps;
    swing(hem);
    stretch(hem);
    keepInPlace(hem);
  }
}

/** How far the point is from where it hangs at rest, as the body sees it: x to its right, z ahead. */
export function hemOffset(hem: Hem, point: number, out: { x: number; z: number }): void {
  const { x, z, heading } = hem.body;
  const sin = Math.sin(heading);
  const cos = Math.cos(heading);
  const dx = (hem.x[point] ?? 0) - x;
  const dz = (hem.z[point] ?? 0) - z;
  out.x = dx * cos - dz * sin - restX(point);
  out.z = dx * sin + dz * cos - restZ(point);
}

const angleOf = (point: number): number => (point / HEM_POINTS) * Math.PI * 2;
const restX = (point: number): number => Math.cos(angleOf(point)) * HEM_RADIUS;
const restZ = (point: number): number => Math.sin(angleOf(point)) * HEM_RADIUS - HEM_BACK;

/** Puts the body there, and the hem to rest around it. */
function hang(hem: Hem, { x, z, heading }: Readonly<BodyPose>): Hem {
  const { body } = hem;
  body.x = Number.isFinite(x) ? x : 0;
  body.z = Number.isFinite(z) ? z : 0;
  body.heading = Number.isFinite(heading) ? heading : 0;
  hem.left = 0;
  const sin = Math.sin(body.heading);
  const cos = Math.cos(body.heading);
  for (let i = 0; i < HEM_POINTS; i += 1) {
    hem.x[i] = hem.lastX[i] = body.x + restX(i) * cos + restZ(i) * sin;
    hem.z[i] = hem.lastZ[i] = body.z - restX(i) * sin + restZ(i) * cos;
  }
  return hem;
}

/** Each point goes on as it went, is held by the air and drawn to where it hangs. */
function swing({ x, z, lastX, lastZ, body }: Hem): void {
  const sin = Math.sin(body.heading);
  const cos = Math.cos(body.heading);
  for (let i = 0; i < HEM_POINTS; i += 1) {
    const px = x[i] ?? 0;
    const pz = z[i] ?? 0;
    const toX = body.x + restX(i) * cos + restZ(i) * sin - px;
    const toZ = body.z - restX(i) * sin + restZ(i) * cos - pz;
    x[i] = px + (px - (lastX[i] ?? 0)) * (1 - DRAG * STEP) + toX * PULL * STEP * STEP;
    z[i] = pz + (pz - (lastZ[i] ?? 0)) * (1 - DRAG * STEP) + toZ * PULL * STEP * STEP;
    lastX[i] = px;
    lastZ[i] = pz;
  }
}

const EDGE = 2 * HEM_RADIUS * Math.sin(Math.PI / HEM_POINTS);

/** The cloth between two neighbours neither tears nor folds. */
function stretch({ x, z }: Hem): void {
  for (let i = 0; i < HEM_POINTS; i += 1) {
    const next = (i + 1) % HEM_POINTS;
    const dx = (x[next] ?? 0) - (x[i] ?? 0);
    const dz = (z[next] ?? 0) - (z[i] ?? 0);
    const apart = Math.hypot(dx, dz);
    if (apart === 0) continue;
    const move = (0.5 * (apart - clamp(apart, EDGE * TIGHT, EDGE * WIDE))) / apart;
    x[i] = (x[i] ?? 0) + dx * move;
    z[i] = (z[i] ?? 0) + dz * move;
    x[next] = (x[next] ?? 0) - dx * move;
    z[next] = (z[next] ?? 0) - dz * move;
  }
}

/** Every point stays outside the legs and between its neighbours, so that the cloak never turns inside out. */
function keepInPlace({ x, z, body }: Hem): void {
  const midX = body.x - HEM_BACK * Math.sin(body.heading);
  const midZ = body.z - HEM_BACK * Math.cos(body.heading);
  for (let i = 0; i < HEM_POINTS; i += 1) {
    const dx = (x[i] ?? 0) - midX;
    const dz = (z[i] ?? 0) - midZ;
    // In the world an angle of the body is turned back by where it looks.
    const own = angleOf(i) - body.heading;
    const off = Math.atan2(dz, dx) - own;
    const aside = clamp(Math.atan2(Math.sin(off), Math.cos(off)), -ASIDE, ASIDE);
    const out = clamp(Math.hypot(dx, dz), INNER, OUTER);
    x[i] = midX + Math.cos(own + aside) * out;
    z[i] = midZ + Math.sin(own + aside) * out;
  }
}
