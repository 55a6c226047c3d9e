import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { MAP, type PlaceName } from "./game/map.ts";
import { createRandom } from "./maths.ts";
import { buildCave } from "./places/cave.ts";
import { coverGround } from "./places/cover.ts";
import { createGround } from "./places/ground.ts";
import { createHills } from "./places/hills.ts";
import { plantLake } from "./places/lake.ts";
import { plantMeadow } from "./places/meadow.ts";
import type { Obstacle, Planting, Shine } from "./places/planting.ts";
import { buildRidge } from "./places/ridge.ts";
import { createShadows } from "./places/shadows.ts";
import { plantWood } from "./places/wood.ts";
import { scatter } from "./shapes/scatter.ts";
import type { Materials } from "./stage/materials.ts";

/** The five places, side by side. */
export interface World {
  /** Invisible volumes, one for each location of the score. */
  readonly zones: readonly { readonly mesh: AbstractMesh; readonly location: PlaceName }[];
  readonly obstacles: readonly Obstacle[];
  readonly shines: readonly Shine[];
}

/** Another `seed` plants another forest in the same places. */
export function createWorld(
  scene: Scene,
  { ink: material, shadow }: Pick<Materials, "ink" | "shadow">,
  seed: number,
): World {
  const planting: Planting = {
    random: createRandom(20 + seed),
    place: (name, sketches, stands) => scatter(name, sketches, { stands, scene, material }),
    obstacles: [],
    shines: [],
    patches: [],
    casts: [],
  };
  plantMeadow(planting);
  plantWood(planting);
  plantLake(planting);
  buildCave(planting);
  buildRidge(planting);
  for (const { lantern } of MAP) {
    const [x, z] = [lantern.x, lantern.z + LANTERN_BEHIND];
    planting.obstacles.push({ x, z, radius: 0.6 });
    planting.casts.push({ x, z, width: 0.8, length: 3.4 });
  }
  coverGround(planting);
  createGround(planting.patches, { scene, material });
  createShadows(planting.casts, { scene, material: shadow });
  createHills(scene, material);
  return { zones: createZones(scene), obstacles: planting.obstacles, shines: planting.shines };
}

/** A great lantern stands so many metres behind the spot from which it is woken. */
export const LANTERN_BEHIND = 1.6;

function createZones(scene: Scene): World["zones"] {
  return MAP.map(({ name, west, east }) => {
    const size = { width: east - west, height: 60, depth: 60 };
    const mesh = CreateBox(`zone ${name}`, size, scene);
    mesh.position.x = (west + east) / 2;
    mesh.isVisible = false;
    mesh.isPickable = false;
    return { mesh, location: name };
  });
}
