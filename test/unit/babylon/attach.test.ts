import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { TransformNode } from "@babylonjs/core/Meshes/transformNode.js";
import { Observable } from "@babylonjs/core/Misc/observable.js";
import { Scene } from "@babylonjs/core/scene.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SoundtrackSnapshot } from "../../../engine/index.ts";
import { soundtrackThat, type Call } from "../../helpers/soundtrack-double.ts";
import { attachSoundtrack } from "../../../integrations/babylon/index.ts";

let engine: NullEngine;
let scene: Scene;
let calls: Call[];
const music = soundtrackThat({ set: (...call) => void calls.push(call) });

/** A box of the given size on the x axis that nobody sees. */
const volume = (name: string, x: number, size: number): AbstractMesh => {
  const mesh = CreateBox(name, { size }, scene);
  mesh.position.x = x;
  mesh.isVisible = false;
  return mesh;
};

const zero = (): number => 0;
const fail = (): never => {
  throw new Error("no enemy yet");
};

const walker = (): TransformNode => new TransformNode("walker", scene);

const renderAt = (node: TransformNode, ...xs: readonly number[]): void => {
  for (const x of xs) {
    node.position.x = x;
    scene.render();
  }
};

beforeEach(() => {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  engine = new NullEngine();
  scene = new Scene(engine);
  scene.activeCamera = new FreeCamera("camera", new Vector3(0, 0, -10), scene);
  calls = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  engine.dispose();
});

test("a walk through three zones sets each location once, on the way in", () => {
  const listener = walker();
  const zones = [
    { mesh: volume("a", 0, 10), location: "meadow" },
    { mesh: volume("b", 10, 10), location: "wood" },
    { mesh: volume("c", 20, 10), location: "cave" },
  ];
  attachSoundtrack(scene, music, { listener, zones });
  renderAt(listener, 0, 2, 4, 6, 8, 12, 14, 16, 18, 20);
  expect(calls).toEqual([
    ["location", "meadow"],
    ["location", "wood"],
    ["location", "cave"],
  ]);
});

test("where zones overlap, the first of the list wins", () => {
  const listener = walker();
  const zones = [
    { mesh: volume("hut", 0, 2), location: "hut" },
    { mesh: volume("village", 0, 20), location: "village" },
  ];
  attachSoundtrack(scene, music, { listener, zones });
  renderAt(listener, -5, 0, 5);
  expect(calls.map(([, value]) => value)).toEqual(["village", "hut", "village"]);
});

test("outside all zones the last location stays", () => {
  const listener = walker();
  attachSoundtrack(scene, music, {
    listener,
    zones: [{ mesh: volume("a", 0, 2), location: "meadow" }],
  });
  renderAt(listener, 50, 0, 50, 0);
  expect(calls).toEqual([["location", "meadow"]]);
});

test("a zone is where its mesh is now: moved, scaled or carried by a parent", () => {
  const listener = walker();
  const mesh = volume("boat", 0, 2);
  const river = new TransformNode("river", scene);
  mesh.parent = river;
  attachSoundtrack(scene, music, { listener, zones: [{ mesh, location: "boat" }] });
  renderAt(listener, 30);
  expect(calls).toEqual([]);
  river.position.x = 24;
  river.scaling.x = 7;
  scene.render();
  expect(calls).toEqual([["location", "boat"]]);
});

test("a disabled zone mesh still counts and a disposed one does not", () => {
  const listener = walker();
  const off = volume("off", 0, 2);
  off.setEnabled(false);
  const gone = volume("gone", 10, 2);
  attachSoundtrack(scene, music, {
    listener,
    zones: [
      { mesh: off, location: "off" },
      { mesh: gone, location: "gone" },
    ],
  });
  gone.dispose();
  renderAt(listener, 0, 10);
  expect(calls).toEqual([["location", "off"]]);
});

test("the listener may be a camera, a child node or a function", () => {
  const zones = [{ mesh: volume("a", 100, 2), location: "far" }];
  const camera = new FreeCamera("far camera", new Vector3(100, 0, 0), scene);
  const arm = walker();
  arm.position.x = 100;
  const hand = walker();
  hand.parent = arm;
  attachSoundtrack(scene, music, { listener: camera, zones });
  attachSoundtrack(scene, music, { listener: hand, zones });
  attachSoundtrack(scene, music, { listener: () => new Vector3(100, 0, 0), zones });
  scene.render();
  expect(calls).toHaveLength(3);
});

test("signals are handed on only when they have changed", () => {
  let threat = 0;
  let health = 90;
  attachSoundtrack(scene, music, {
    listener: walker(),
    zones: [],
    intensity: () => threat,
    signals: { health: () => health },
  });
  scene.render();
  scene.render();
  threat = 0.5;
  scene.render();
  health = Number.NaN;
  scene.render();
  scene.render();
  expect(calls).toEqual([
    ["intensity", 0],
    ["health", 90],
    ["intensity", 0.5],
    ["health", Number.NaN],
  ]);
});

test("a reader that throws neither stops the frame nor the other signals, and is told of once", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  attachSoundtrack(scene, music, {
    listener: fail,
    zones: [{ mesh: volume("a", 0, 2), location: "meadow" }],
    intensity: fail,
    signals: { light: () => 1 },
  });
  for (let frame = 0; frame < 5; frame += 1) scene.render();
  expect(calls).toEqual([["light", 1]]);
  expect(warn).toHaveBeenCalledTimes(2);
});

test("after dispose nothing is sampled", () => {
  const listener = walker();
  const attachment = attachSoundtrack(scene, music, {
    listener,
    zones: [{ mesh: volume("a", 0, 2), location: "meadow" }],
    intensity: () => Math.random(),
  });
  attachment.dispose();
  attachment.dispose();
  renderAt(listener, 0);
  expect(calls).toEqual([]);
  expect(scene.onAfterRenderObservable.hasObservers()).toBe(false);
});

test("a signal that is given twice, or a signal named location, is refused when attaching", () => {
  const options = { listener: walker(), zones: [] };
  expect(() =>
    attachSoundtrack(scene, music, { ...options, intensity: zero, signals: { intensity: zero } }),
  ).toThrow(RangeError);
  expect(() => attachSoundtrack(scene, music, { ...options, signals: { location: zero } })).toThrow(
    RangeError,
  );
});

test("a signal that an observable tells is handed on once a frame, until the attachment ends", () => {
  const health = new Observable<number>();
  const attachment = attachSoundtrack(scene, music, {
    listener: walker(),
    zones: [],
    signals: { health },
  });
  scene.render();
  health.notifyObservers(80);
  health.notifyObservers(60);
  scene.render();
  scene.render();
  attachment.dispose();
  health.notifyObservers(10);
  scene.render();
  expect(calls).toEqual([["health", 60]]);
  expect(health.hasObservers()).toBe(false);
});

describe("a soundtrack that pauses with its scene", () => {
  let states: string[];
  let state: SoundtrackSnapshot["state"];
  const pausing = soundtrackThat({
    pause: () => void states.push((state = "paused")),
    resume: () => void states.push((state = "playing")),
    snapshot: () => ({ state }) as SoundtrackSnapshot,
  });
  const attach = () =>
    attachSoundtrack(scene, pausing, { listener: walker(), zones: [], pauseWithScene: true });

  beforeEach(() => {
    vi.useFakeTimers();
    states = [];
    state = "playing";
  });
  afterEach(() => void vi.useRealTimers());

  test("stands still a second after the last frame and goes on with the next", () => {
    attach();
    scene.render();
    vi.advanceTimersByTime(900);
    expect(states).toEqual([]);
    vi.advanceTimersByTime(5000);
    expect(states).toEqual(["paused"]);
    scene.render();
    scene.render();
    expect(states).toEqual(["paused", "playing"]);
  });

  test("leaves alone what the game has paused itself", () => {
    attach();
    state = "paused";
    vi.advanceTimersByTime(5000);
    scene.render();
    expect(states).toEqual([]);
  });

  test("goes on when the attachment ends", () => {
    const attachment = attach();
    vi.advanceTimersByTime(5000);
    attachment.dispose();
    vi.advanceTimersByTime(5000);
    expect(states).toEqual(["paused", "playing"]);
  });
});
