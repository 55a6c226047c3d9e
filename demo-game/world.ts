import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { createRandom } from "./maths.ts";
import { buildCave } from "./places/cave.ts";
import { createGround } from "./places/ground.ts";
import { createHills } from "./places/hills.ts";
import { plantMeadow } from "./places/meadow.ts";
import { PLACES, type PlaceName } from "./places/places.ts";
import type { Obstacle, Planting, Shine } from "./places/planting.ts";
import { plantWood } from "./places/wood.ts";
import { scatter } from "./shapes/scatter.ts";

/** The three places, side by side. */
export interface World {
  /** Invisible volumes, one for each location of the score. */
  readonly zones: readonly { readonly mesh: AbstractMesh; readonly location: PlaceName }[];
  readonly obstacles: readonly Obstacle[];
  readonly shines: readonly Shine[];
}

export function createWorld(scene: Scene, material: ShaderMaterial): World {
  const planting: Planting = {
    random: createRandom(20),
    place: (name, sketches, stands) => scatter(name, sketches, { stands, scene, material }),
    obstacles: [],
    shines: [],
    patches: [],
  };
  plantMeadow(planting);
  plantWood(planting);
  buildCave(planting);
  createGround(planting.patches, { scene, material });
  createHills(scene, material);
  return { zones: createZones(scene), obstacles: planting.obstacles, shines: planting.shines };
}

function createZones(scene: Scene): World["zones"] {
  return PLACES.map(({ name, west, east }) => {
    const size = { width: east - west, height: 40, depth: 60 };
    const mesh = CreateBox(`zone ${name}`, size, scene);
    mesh.position.x = (west + east) / 2;
    mesh.isVisible = false;
    mesh.isPickable = false;
    return { mesh, location: name };
  });
}
