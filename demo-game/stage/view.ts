import { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { approach, mix } from "../maths.ts";

/** A camera that always looks the same way and follows softly. */
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
}

const FIELD_OF_VIEW = (42 * Math.PI) / 180;
const PITCH = (8.5 * Math.PI) / 180;
const DISTANCE = 9.6;
const ABOVE = 2.75;
/** Seconds. */
const LAG = 0.35;

export function createView(scene: Scene): View {
  const camera = new TargetCamera("camera", new Vector3(), scene);
  camera.fov = FIELD_OF_VIEW;
  camera.minZ = 0.4;
  camera.maxZ = 260;
  camera.rotation.x = PITCH;
  const focus = { x: 0, y: 0, z: 0, distance: DISTANCE };
  const state = { settled: false };

  return {
    eye: camera.position,
    update: (dt, { at, velocity, intensity, aspect }) => {
      const k = state.settled ? approach(dt, LAG) : 1;
      state.settled = true;
      // A narrow screen sees as much to the left and right from further away.
      const room = Math.max(1, 1.15 / Math.max(0.5, aspect));
      focus.x = mix(focus.x, at.x + velocity.x * 0.3, k);
      focus.y = mix(focus.y, at.y, k);
      focus.z = mix(focus.z, at.z * 0.75, k);
      focus.distance = mix(focus.distance, DISTANCE * room * (1 - 0.06 * intensity), k);
      camera.position.set(focus.x, focus.y + ABOVE * room, focus.z - focus.distance);
    },
  };
}
