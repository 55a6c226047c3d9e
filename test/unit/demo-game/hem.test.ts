import { describe, expect, test } from "vitest";
import {
  createHem,
  HEM_BACK,
  HEM_POINTS,
  hemOffset,
  stepHem,
  type BodyPose,
  type Hem,
} from "../../../demo-game/hem.ts";

const POINTS = Array.from({ length: HEM_POINTS }, (_, i) => i);

const offsetsOf = (hem: Hem): readonly { readonly x: number; readonly z: number }[] =>
  POINTS.map((point) => {
    const out = { x: 0, z: 0 };
    hemOffset(hem, point, out);
    return out;
  });

const farthest = (hem: Hem): number =>
  Math.max(...offsetsOf(hem).map(({ x, z }) => Math.hypot(x, z)));

/** Signed area of the hem around the body, and of each piece of it between two neighbours and its middle. */
function pieces({ x, z, body }: Hem): readonly number[] {
  const mid = {
    x: body.x - HEM_BACK * Math.sin(body.heading),
    z: body.z - HEM_BACK * Math.cos(body.heading),
  };
  return POINTS.map((i) => {
    const next = (i + 1) % HEM_POINTS;
    const [ax, az] = [(x[i] ?? Number.NaN) - mid.x, (z[i] ?? Number.NaN) - mid.z];
    const [bx, bz] = [(x[next] ?? Number.NaN) - mid.x, (z[next] ?? Number.NaN) - mid.z];
    return (ax * bz - az * bx) / 2;
  });
}

/** Walks about, turning, frame after frame; returns the frames after which the hem is broken. */
function broken(hem: Hem, frames: readonly number[], speed = 4.6): readonly number[] {
  const pose: BodyPose = { x: 0, z: 0, heading: 0 };
  return frames.filter((dt, frame) => {
    pose.heading = 3 * Math.sin(frame * 0.7);
    pose.x += Math.sin(pose.heading) * speed * Math.min(dt, 0.25);
    pose.z += Math.cos(pose.heading) * speed * Math.min(dt, 0.25);
    stepHem(hem, dt, pose);
    const isFinite = [...hem.x, ...hem.z, farthest(hem)].every(Number.isFinite);
    return !isFinite || pieces(hem).some((area) => area <= 0);
  });
}

const frames = (dt: number, seconds: number): readonly number[] =>
  Array.from({ length: Math.ceil(seconds / Math.max(dt, 0.05)) + 20 }, () => dt);

describe("the hem of the cloak", () => {
  test.each([0, 1e-9, 0.004, 1 / 60, 0.05, 0.25, 3, 1e9])(
    "stays finite and never turns inside out with frames of %d s",
    (dt) => expect(broken(createHem(), frames(dt, 10))).toEqual([]),
  );

  test("stays so whatever the frames bring", () => {
    const odd = [0.016, Number.NaN, -1, Infinity, 0.016, 0.2, 0, 0.001, 0.25, 0.016];
    expect(broken(createHem(), odd, 40)).toEqual([]);
  });

  test("comes back to whole numbers from a body that is nowhere", () => {
    const hem = createHem();
    stepHem(hem, 0.016, { x: Number.NaN, z: Infinity, heading: Number.NaN });
    expect(broken(hem, frames(1 / 60, 1))).toEqual([]);
  });

  test("lags behind who walks, and rests around who stands", () => {
    const hem = createHem();
    const pose = { x: 0, z: 0, heading: 0 };
    for (let frame = 0; frame < 120; frame += 1) {
      pose.z += 4.6 / 60;
      stepHem(hem, 1 / 60, pose);
    }
    for (const { z } of offsetsOf(hem)) expect(z).toBeLessThan(-0.02);
    for (let frame = 0; frame < 60 * 6; frame += 1) stepHem(hem, 1 / 60, pose);
    expect(farthest(hem)).toBeLessThan(0.003);
  });

  test("does not fly after who was put elsewhere", () => {
    const hem = createHem();
    stepHem(hem, 1 / 60, { x: -41, z: 0, heading: 1 });
    expect(farthest(hem)).toBeLessThan(1e-9);
  });

  test("swings alike with frames of any length", () => {
    const at = (dt: number): number => {
      const hem = createHem();
      const pose = { x: 0, z: 0, heading: 0 };
      for (let frame = 0; frame < Math.round(2 / dt); frame += 1) {
        pose.z += 3 * dt;
        stepHem(hem, dt, pose);
      }
      return offsetsOf(hem)[6]?.z ?? Number.NaN;
    };
    for (const dt of [1 / 20, 1 / 144]) {
      expect(Math.abs(at(dt) - at(1 / 60)), `${dt} s`).toBeLessThan(0.03);
    }
  });
});
