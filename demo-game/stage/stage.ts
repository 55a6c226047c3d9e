import { Engine } from "@babylonjs/core/Engines/engine.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { Scene } from "@babylonjs/core/scene.js";
import { governResolution } from "./governor.ts";
import type { Input, Wish } from "../input.ts";
import { createLights } from "./lights.ts";
import { createMaterials, type Frame, type Materials } from "./materials.ts";
import { approach, mix } from "../maths.ts";
import { createLook, lookAt } from "../places/places.ts";
import { createPlayer, type Player } from "../player.ts";
import { createPuffs } from "../shapes/puffs.ts";
import { createThreat, type Threat } from "../threat.ts";
import { createView } from "./view.ts";
import { createWorld, type World } from "../world.ts";

/** The scene with all that moves in it. */
export interface Stage {
  readonly scene: Scene;
  readonly player: Player;
  readonly threat: Threat;
  readonly zones: World["zones"];
  run(): void;
}

export interface StageOptions {
  readonly input: Input;
  /** 1 on the beat, falling to 0. */
  readonly pulse: () => number;
}

/** A frame never counts for more than this many seconds: after a pause nobody jumps. */
const LONGEST_FRAME = 0.25;

export function createStage(canvas: HTMLCanvasElement, options: StageOptions): Stage {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  const engine = new Engine(canvas, true, { audioEngine: false, stencil: false }, false);
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0.02, 0.02, 0.05, 1);
  scene.skipPointerMovePicking = true;
  scene.detachControl();
  governResolution(engine, scene);
  const materials = createMaterials(scene);
  const world = createWorld(scene, materials.ink);
  createSky(scene, materials);
  const player = createPlayer(scene, materials.ink, world.obstacles);
  const threat = createThreat();
  const advance = createAdvance({ scene, engine, materials, world, player, threat, ...options });
  scene.onBeforeRenderObservable.add(() =>
    advance(Math.min(LONGEST_FRAME, engine.getDeltaTime() / 1000)),
  );
  addEventListener("resize", () => engine.resize());
  return {
    scene,
    player,
    threat,
    zones: world.zones,
    run: () => engine.runRenderLoop(() => scene.render()),
  };
}

function createSky(scene: Scene, { sky }: Materials): void {
  const mesh = CreateBox("sky", { size: 100 }, scene);
  mesh.material = sky;
  mesh.infiniteDistance = true;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
}

interface Parts extends StageOptions {
  readonly scene: Scene;
  readonly engine: Engine;
  readonly materials: Materials;
  readonly world: World;
  readonly player: Player;
  readonly threat: Threat;
}

/** What happens between two frames. */
function createAdvance(parts: Parts): (dt: number) => void {
  const { scene, engine, materials, world, player, threat, input, pulse } = parts;
  const view = createView(scene);
  const smoke = createPuffs("smoke", { scene, material: materials.smoke, capacity: 40, order: 1 });
  const glow = createPuffs("glow", { scene, material: materials.glow, capacity: 200, order: 2 });
  const lights = createLights(world.shines);
  const wish: Wish = { x: 0, z: 0 };
  const frame: Frame = {
    look: createLook(),
    eye: view.eye,
    walker: player.node.position,
    lamp: player.lamp,
    lampLight: 1,
    hush: new Vector4(),
    pulse: 0,
    time: 0,
  };
  const subject = {
    at: player.node.position,
    velocity: player.velocity,
    intensity: 0,
    aspect: 1,
  };

  return (dt) => {
    input.read(wish);
    player.update(dt, wish);
    threat.update(dt, player.node.position);
    const intensity = threat.intensity();
    const flicker = 1 + 0.05 * Math.sin(frame.time * 11) + 0.03 * Math.sin(frame.time * 23);
    const fed = 1.55 * (1 - 0.62 * intensity) * flicker;
    frame.lampLight = mix(frame.lampLight, fed, approach(dt, 0.15));
    frame.time += dt;
    frame.pulse = pulse();
    const { x, y, z } = threat.position;
    frame.hush.set(x, y + 1.2, z, 0.9);
    lookAt(player.node.position.x, frame.look);
    subject.intensity = intensity;
    subject.aspect = engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
    view.update(dt, subject);
    materials.update(frame);
    threat.draw(smoke, glow);
    lights.draw(glow, frame);
    smoke.flush();
    glow.flush();
  };
}
