import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh";
import type { Position } from "./position.ts";

/** A volume of the scene that stands for a place of the score: a mesh, a box or a sphere. */
export type Zone = ZoneOptions &
  (
    | {
        /** May be invisible; its axis-aligned bounding box in world space is the volume, borders included. */
        readonly mesh: AbstractMesh;
      }
    | {
        /** An axis-aligned box in world space, by two opposite corners. */
        readonly box: { readonly min: Position; readonly max: Position };
      }
    | {
        /** A ball in world space. A centre that moves, such as a mesh's position, takes the zone along. */
        readonly sphere: { readonly center: Position; readonly radius: number };
      }
  );

interface ZoneOptions {
  /** A location's name in the score. */
  readonly location: string;
  /** How far beyond its border the place is still heard, less and less, in the scene's units; default 0. */
  readonly blend?: number;
}

/** How far a position lies outside a zone, in the scene's units: 0 inside. A disposed mesh is nowhere. */
export function distanceTo(zone: Zone, at: Position): number {
  if ("sphere" in zone) {
    const { center, radius } = zone.sphere;
    return Math.max(0, Math.hypot(at.x - center.x, at.y - center.y, at.z - center.z) - radius);
  }
  if ("box" in zone) return distanceToBox(zone.box.min, zone.box.max, at);
  const { mesh } = zone;
  if (mesh.isDisposed()) return Infinity;
  // The scene leaves out disabled meshes; for all others this is done and costs a comparison.
  mesh.computeWorldMatrix();
  const { minimumWorld, maximumWorld } = mesh.getBoundingInfo().boundingBox;
  return distanceToBox(minimumWorld, maximumWorld, at);
}

const distanceToBox = (a: Position, b: Position, at: Position): number =>
  Math.hypot(beyond(a.x, b.x, at.x), beyond(a.y, b.y, at.y), beyond(a.z, b.z, at.z));

const beyond = (a: number, b: number, value: number): number =>
  Math.max(0, Math.min(a, b) - value, value - Math.max(a, b));
