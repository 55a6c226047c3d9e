import type { Node } from "@babylonjs/core/node";
import type { Scene } from "@babylonjs/core/scene";
import type { Soundtrack } from "../../engine/index.ts";
import { positionOf, type Position } from "./position.ts";

export interface PlaceStingersOptions {
  /** From where distances count: the player's node or the camera, or a function. */
  readonly listener: Node | (() => Position);
  /** Beyond it, in the scene's units, a stinger is not triggered; there it is 24 dB softer. Default 30. */
  readonly reach?: number;
}

/** Decibels that a stinger has lost at the end of its reach. */
const SOFTEST = -24;
/** Of the reach: nearer sounds move towards the middle, so that what one stands on is heard there. */
const NEAR = 0.1;

/**
 * Triggers stingers from places of the scene: softer with the distance from the listener, evenly in decibels,
 * and on the side on which the active camera sees the place. Each stays where it began.
 *
 * @example
 * const sound = placeStingers(scene, music, { listener: hero });
 * sound("found", caveVolume);
 */
export function placeStingers(
  scene: Scene,
  music: Pick<Soundtrack, "trigger">,
  { listener, reach = 30 }: PlaceStingersOptions,
): (stinger: string, from: Node | (() => Position)) => void {
  const listen = positionOf(listener);
  return (stinger, from) => {
    const here = listen();
    const [x, y, z] = [here.x, here.y, here.z];
    const place = positionOf(from)();
    const way = { x: place.x - x, y: place.y - y, z: place.z - z };
    const distance = Math.hypot(way.x, way.y, way.z);
    if (distance > reach) return;
    // The first row of a camera's world matrix is its right, of length 1.
    const [rightX = 1, rightY = 0, rightZ = 0] = scene.activeCamera?.getWorldMatrix().m ?? [];
    const aside = way.x * rightX + way.y * rightY + way.z * rightZ;
    const pan = aside / Math.max(distance, NEAR * reach);
    music.trigger(stinger, { pan, level: (SOFTEST * distance) / reach });
  };
}
