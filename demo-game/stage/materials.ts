import { Constants } from "@babylonjs/core/Engines/constants.js";
import { ShaderStore } from "@babylonjs/core/Engines/shaderStore.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import "@babylonjs/core/Shaders/ShadersInclude/instancesDeclaration.js";
import "@babylonjs/core/Shaders/ShadersInclude/instancesVertex.js";
import { Vector2, Vector3, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Look } from "../places/places.ts";
import {
  INK_FRAGMENT,
  INK_VERTEX,
  PUFF_FRAGMENT,
  PUFF_VERTEX,
  SHADOW_FRAGMENT,
  SHADOW_VERTEX,
  SKY_FRAGMENT,
  SKY_VERTEX,
} from "./shaders.ts";
import { WATER_FRAGMENT, WATER_VERTEX } from "./water-shader.ts";

/** What every material needs to know of the present frame. */
export interface Frame {
  readonly look: Look;
  readonly eye: Vector3;
  readonly walker: Vector3;
  readonly lamp: Vector3;
  lampLight: number;
  /** Where the Hush is, and in w how much light it takes. */
  readonly hush: Vector4;
  /** Colour of the world beyond the spread of the last lantern and within it. */
  readonly life: Vector2;
  /** Where the last lantern is (x, z), and how far its colour has come, in metres. */
  readonly spread: Vector3;
  /** Rings on the water: where (x, z), how old in seconds, how strong. */
  readonly rings: number[];
  /** 1 on the beat, falling to 0. */
  pulse: number;
  /** How far the bar that is heard has gone, 0–1. */
  barPhase: number;
  /** Seconds since the page opened. */
  time: number;
}

export interface Materials {
  /** Everything solid. */
  readonly ink: ShaderMaterial;
  readonly sky: ShaderMaterial;
  /** What lies in the shadow of something. */
  readonly shadow: ShaderMaterial;
  readonly water: ShaderMaterial;
  /** Soft spots that add light. */
  readonly glow: ShaderMaterial;
  /** Soft spots that cover. */
  readonly smoke: ShaderMaterial;
  update(frame: Frame): void;
}

const AIR = [
  ...["eye", "skyTop", "horizon", "keyColor", "sun", "sunHeight", "stars", "fog", "time"],
  ...["life", "spread"],
];
const INK = [
  "groundColor",
  "walker",
  "lamp",
  "lampLight",
  "keyLight",
  "hush",
  "pulse",
  "wind",
  "barPhase",
];

export function createMaterials(scene: Scene): Materials {
  Object.assign(ShaderStore.ShadersStore, {
    inkVertexShader: INK_VERTEX,
    inkFragmentShader: INK_FRAGMENT,
    skyVertexShader: SKY_VERTEX,
    skyFragmentShader: SKY_FRAGMENT,
    waterVertexShader: WATER_VERTEX,
    waterFragmentShader: WATER_FRAGMENT,
    shadowVertexShader: SHADOW_VERTEX,
    shadowFragmentShader: SHADOW_FRAGMENT,
    puffVertexShader: PUFF_VERTEX,
    puffFragmentShader: PUFF_FRAGMENT,
  });
  const ink = new ShaderMaterial("ink", scene, "ink", {
    attributes: ["position", "normal", "color", "uv"],
    uniforms: ["world", "viewProjection", ...AIR, ...INK],
  });
  ink.backFaceCulling = false;
  const sky = new ShaderMaterial("sky", scene, "sky", {
    attributes: ["position"],
    uniforms: ["world", "viewProjection", ...AIR],
  });
  sky.backFaceCulling = false;
  sky.disableDepthWrite = true;
  const water = new ShaderMaterial("water", scene, "water", {
    attributes: ["position"],
    uniforms: ["world", "viewProjection", ...AIR, "groundColor", "lamp", "lampLight", "rings"],
  });
  water.backFaceCulling = false;
  const glow = puff(scene, "glow", Constants.ALPHA_ADD);
  const smoke = puff(scene, "smoke", Constants.ALPHA_COMBINE);
  const shadow = new ShaderMaterial("shadow", scene, "shadow", {
    attributes: ["position", "color"],
    uniforms: ["world", "viewProjection", "eye", "fog", "groundColor", "depth"],
    needAlphaBlending: true,
  });
  shadow.backFaceCulling = false;
  shadow.zOffset = -1;
  const all = { ink, sky, shadow, water, glow, smoke };
  return { ...all, update: (frame) => update(all, frame) };
}

function puff(scene: Scene, name: string, alphaMode: number): ShaderMaterial {
  const material = new ShaderMaterial(name, scene, "puff", {
    attributes: ["position"],
    uniforms: ["world", "view", "viewProjection", "eye", "fog"],
    needAlphaBlending: true,
  });
  material.alphaMode = alphaMode;
  material.backFaceCulling = false;
  return material;
}

function update(materials: Omit<Materials, "update">, frame: Frame): void {
  const { ink, sky, shadow, water, glow, smoke } = materials;
  const { look } = frame;
  for (const material of [ink, sky, water]) {
    material.setVector3("eye", frame.eye);
    material.setColor3("skyTop", look.skyTop);
    material.setColor3("horizon", look.horizon);
    material.setColor3("keyColor", look.key);
    material.setFloat("sun", look.sun);
    material.setFloat("sunHeight", look.sunHeight);
    material.setFloat("stars", look.stars);
    material.setVector2("life", frame.life);
    material.setVector3("spread", frame.spread);
    material.setFloat("fog", look.fog);
    material.setFloat("time", frame.time);
  }
  water.setColor3("groundColor", look.ground);
  water.setVector3("lamp", frame.lamp);
  water.setFloat("lampLight", frame.lampLight);
  water.setArray4("rings", frame.rings);
  ink.setColor3("groundColor", look.ground);
  ink.setVector3("walker", frame.walker);
  ink.setVector3("lamp", frame.lamp);
  ink.setFloat("lampLight", frame.lampLight);
  ink.setFloat("keyLight", look.keyLight);
  ink.setVector4("hush", frame.hush);
  ink.setFloat("pulse", frame.pulse);
  ink.setFloat("wind", look.wind);
  ink.setFloat("barPhase", frame.barPhase);
  shadow.setColor3("groundColor", look.ground);
  shadow.setFloat("depth", 0.26 + 0.3 * Math.min(1, look.sun));
  for (const material of [shadow, glow, smoke]) {
    material.setVector3("eye", frame.eye);
    material.setFloat("fog", look.fog);
  }
}
