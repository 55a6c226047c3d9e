import { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { approach, createSpring, mix, smooth } from "../maths.ts";

/** A camera that always looks the same way in a place and follows softly. */
export interface View {
  readonly eye: Vector3;
  update(dt: number, subject: ViewSubject): void;
}

interface ViewSubject {
  readonly at: Vector3;
  readonly velocity: Vector3;
  /** Comes nearer by up to 6 %. */
  readonly intensity: number;
  /** Width over height of the canvas. */
  readonly aspect: number;
  /** Radians by which one looks to the east of straight ahead. */
  readonly yaw: number;
  /** 0 as one walks, 1 level with the walker, so that the sky is seen: a title, a sunrise. */
  readonly low: number;
}

const RADIANS = Math.PI / 180;
const FIELD_OF_VIEW = 42 * RADIANS;
const PITCH = 34 * RADIANS;
const LOW_PITCH = 8 * RADIANS;
const DISTANCE = 9;
/** Metres above the walker's feet at which one looks. */
const AIM = 1.3;
/** Seconds in which the camera follows, comes nearer, and sinks to the ground. */
const LAG = 0.35;
const PUSH = 2.5;
const SINK = 3;

export function createView(scene: Scene): View {
  const camera = new TargetCamera("camera", new Vector3(), scene);
  camera.fov = FIELD_OF_VIEW;
  camera.minZ = 0.4;
  camera.maxZ = 260;
  const [x, y, z] = [createSpring(LAG), createSpring(LAG), createSpring(LAG)];
  const turn = createSpring(1.2);
  const sink = createSpring(SINK);
  const near = { now: 0 };

  return {
    eye: camera.position,
    update: (dt, { at, velocity, intensity, aspect, yaw, low }) => {
      // A narrow screen sees as much to the left and right from further away.
      const room = Math.max(1, 1.15 / Math.max(0.5, aspect));
      near.now = mix(near.now, intensity, approach(dt, PUSH));
      const distance = DISTANCE * room * (1 - 0.06 * near.now);
      const pitch = mix(PITCH, LOW_PITCH, smooth(sink(low, dt)));
      const heading = turn(yaw, dt);
      const back = distance * Math.cos(pitch);
      camera.rotation.set(pitch, heading, 0);
      camera.position.set(
        x(at.x + velocity.x * 0.3, dt) - back * Math.sin(heading),
        y(at.y, dt) + AIM + distance * Math.sin(pitch),
        z(at.z * 0.85, dt) - back * Math.cos(heading),
      );
    },
  };
}
