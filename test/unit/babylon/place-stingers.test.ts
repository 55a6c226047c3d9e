import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { TransformNode } from "@babylonjs/core/Meshes/transformNode.js";
import { Scene } from "@babylonjs/core/scene.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TriggerOptions } from "../../../engine/index.ts";
import { placeStingers } from "../../../integrations/babylon/index.ts";

let engine: NullEngine;
let scene: Scene;
let camera: FreeCamera;
let heard: { readonly name: string; readonly pan: number; readonly level: number }[];
const music = {
  trigger: (name: string, { pan = 0, level = 0 }: TriggerOptions = {}) =>
    void heard.push({ name, pan, level }),
};

/** What is heard of a stinger there. */
const from = (x: number, y: number, z: number): (typeof heard)[number] | undefined => {
  const hero = new TransformNode("hero", scene);
  hero.position.set(0, 1, 0);
  hero.computeWorldMatrix(true);
  placeStingers(scene, music, { listener: hero, reach: 20 })("owl", () => new Vector3(x, y, z));
  return heard.at(-1);
};

function open(isRightHanded: boolean): void {
  scene = new Scene(engine);
  scene.useRightHandedSystem = isRightHanded;
  camera = new FreeCamera("camera", new Vector3(0, 1, -10), scene);
  scene.activeCamera = camera;
  camera.setTarget(new Vector3(0, 1, 0));
  scene.render();
}

beforeEach(() => {
  engine = new NullEngine();
  heard = [];
  open(false);
});
afterEach(() => engine.dispose());

test("a stinger is heard from the side on which the camera sees its place", () => {
  expect(from(10, 1, 0)?.pan).toBeCloseTo(1, 6);
  expect(from(-10, 1, 0)?.pan).toBeCloseTo(-1, 6);
  expect(from(0, 1, 10)?.pan).toBeCloseTo(0, 6);
  expect(from(5, 1, 5)?.pan).toBeCloseTo(Math.SQRT1_2, 6);
  camera.position.set(0, 1, 10);
  camera.setTarget(new Vector3(0, 1, 0));
  scene.render();
  expect(from(10, 1, 0)?.pan).toBeCloseTo(-1, 6);
});

test("in a right-handed scene the sides are those of the picture, too", () => {
  open(true);
  expect(from(10, 1, 0)?.pan).toBeCloseTo(-1, 6);
});

test("it gets softer with the distance, evenly in decibels, and is left out beyond its reach", () => {
  expect(from(0, 1, 0)?.level).toBeCloseTo(0, 6);
  expect(from(0, 11, 0)?.level).toBeCloseTo(-12, 6);
  expect(from(0, 1, 20)?.level).toBeCloseTo(-24, 6);
  expect(heard).toHaveLength(3);
  from(0, 1, 20.1);
  expect(heard).toHaveLength(3);
});

test("what one stands on is heard in the middle, without a jump", () => {
  expect(from(0.2, 1, 0)?.pan).toBeCloseTo(0.1, 6);
  expect(from(-1, 1, 0)?.pan).toBeCloseTo(-0.5, 6);
});
