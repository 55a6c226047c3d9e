import type { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { placeAt } from "../game/map.ts";
import type { GameState } from "../game/state.ts";
import { CAUSEWAY, isStoneUp } from "../game/stones.ts";
import { approach, createRandom, mix } from "../maths.ts";
import { WATER_LEVEL } from "../places/terrain.ts";
import { buildMesh } from "../shapes/shapes.ts";
import { steppingStone } from "../sketches/lake.ts";
import type { Water } from "./water.ts";

/** The stones of the lake, which surface on the beat. */
export interface SteppingStones {
  update(dt: number, state: GameState, gentle: boolean): void;
}

/** Metres above and below the water. */
const UP = 0.16;
const DOWN = -0.55;
const LAKE = 2;

export function createSteppingStones(
  scene: Scene,
  material: ShaderMaterial,
  water: Water,
): SteppingStones {
  const random = createRandom(11);
  const spots = [...placeAt(LAKE).tokens, ...CAUSEWAY];
  const stones = spots.map(({ x, z }, i) => {
    const mesh = buildMesh(`stone ${i}`, steppingStone(random), { scene, material });
    mesh.position.set(x, WATER_LEVEL + DOWN, z);
    mesh.rotation.y = random() * 6;
    return { mesh, was: false };
  });
  const own = placeAt(LAKE).tokens.length;
  return {
    update: (dt, state, gentle) => {
      stones.forEach((stone, i) => {
        const isUp = i < own ? isStoneUp(state, i, gentle) : state.lanterns > LAKE;
        if (isUp && !stone.was) water.ring(stone.mesh.position, 0.6);
        stone.was = isUp;
        const goal = WATER_LEVEL + (isUp ? UP : DOWN);
        stone.mesh.position.y = mix(stone.mesh.position.y, goal, approach(dt, 0.09));
      });
    },
  };
}
