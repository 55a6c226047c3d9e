import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Soundtrack, SoundtrackEvents } from "../../../engine/index.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";
import { createEmitter } from "../../../engine/emitter.ts";
import { actOn, pulseOn } from "../../../integrations/babylon/index.ts";

let engine: NullEngine;
let scene: Scene;
const clock = { currentTime: 0, outputLatency: 0.02 };
const emitter = createEmitter<SoundtrackEvents>(() => undefined);
const music = {
  on: emitter.on.bind(emitter),
  audioContext: clock as unknown as AudioContext,
} satisfies Pick<Soundtrack, "on" | "audioContext">;

const drawAt = (...times: readonly number[]): void => {
  for (const time of times) {
    clock.currentTime = time;
    scene.render();
  }
};
const tellBar = (bar: number, at: number): void =>
  emitter.emit("bar", { bar, audibleAt: seconds(at) });

beforeEach(() => {
  engine = new NullEngine();
  scene = new Scene(engine);
  scene.activeCamera = new FreeCamera("camera", Vector3.Zero(), scene);
});
afterEach(() => engine.dispose());

test("a bar is acted on in the frame in which it is heard, the device's latency included", () => {
  const acted: (readonly [bar: number, at: number])[] = [];
  actOn(scene, music, "bar", ({ bar }) => void acted.push([bar, clock.currentTime]));
  tellBar(0, 1);
  tellBar(1, 3);
  drawAt(0.5, 1, 1.01, 1.02, 1.5, 2.9, 3.1);
  expect(acted).toEqual([
    [0, 1.02],
    [1, 3.1],
  ]);
});

test("bars that pass while nothing is drawn are acted on once", () => {
  const acted: number[] = [];
  actOn(scene, music, "bar", ({ bar }) => void acted.push(bar));
  for (let bar = 0; bar < 200; bar += 1) tellBar(bar, bar);
  drawAt(500, 501);
  expect(acted).toEqual([199]);
});

test("what is stopped acts no more, nor does anything of a scene that is gone", () => {
  const acted: number[] = [];
  const act = ({ bar }: { bar: number }): void => void acted.push(bar);
  const stop = actOn(scene, music, "bar", act);
  stop();
  stop();
  actOn(scene, music, "bar", act);
  scene.dispose();
  tellBar(0, 0);
  expect(acted).toEqual([]);
  expect(scene.onBeforeRenderObservable.hasObservers()).toBe(false);
});

test("what is stopped leaves nothing on the scene", async () => {
  const lists = [
    scene.onBeforeRenderObservable,
    scene.onAfterRenderObservable,
    scene.onDisposeObservable,
  ];
  const before = lists.map(({ observers }) => observers.length);
  const pulsing = { phase: () => unitInterval(0) };
  const stops = [
    actOn(scene, music, "bar", () => undefined),
    pulseOn(scene, pulsing, () => undefined),
  ];
  expect(lists.map(({ observers }) => observers.length)).not.toEqual(before);
  for (const stop of stops) stop();
  // Babylon takes them off its lists after the present turn.
  await new Promise((done) => setTimeout(done, 20));
  expect(lists.map(({ observers }) => observers.length)).toEqual(before);
});

test("a pulse is 1 on the beat and falls until the next, once a frame", () => {
  const values: number[] = [];
  let phase = 0;
  const stop = pulseOn(
    scene,
    { phase: () => unitInterval(phase) },
    (value) => void values.push(value),
  );
  for (const now of [0, 0.3, 0.99, 0]) {
    phase = now;
    scene.render();
  }
  stop();
  scene.render();
  expect(values).toHaveLength(4);
  expect(values[0]).toBe(1);
  expect(values[1]).toBeCloseTo(Math.exp(-1));
  expect(values[2]).toBeLessThan(0.04);
  expect(values[3]).toBe(1);
});
