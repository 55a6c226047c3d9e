import type { Node } from "@babylonjs/core/node";

/** A position in world space; a Babylon `Vector3` is one. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A node's world position, written into one object that is used again for every frame; or the function itself. */
export function positionOf(place: Node | (() => Position)): () => Position {
  if (typeof place === "function") return place;
  const position = { x: 0, y: 0, z: 0 };
  return () => {
    const { m } = place.getWorldMatrix();
    position.x = m[12] ?? 0;
    position.y = m[13] ?? 0;
    position.z = m[14] ?? 0;
    return position;
  };
}
