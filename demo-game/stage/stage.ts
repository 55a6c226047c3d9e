import { Engine } from "@babylonjs/core/Engines/engine.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { CreateBox } from "@babylonjs/core/Meshes/Builders/boxBuilder.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { Scene } from "@babylonjs/core/scene.js";
import { STANDING } from "../game/acts.ts";
import type { GameState } from "../game/state.ts";
import { eastEnd } from "../game/step.ts";
import { carries } from "../game/stones.ts";
import type { Input, Wish } from "../input/input.ts";
import type { Play } from "../play.ts";
import { createPlayer, type Player } from "../player.ts";
import { createWorld, type World } from "../world.ts";
import { governResolution } from "./governor.ts";
import { createMaterials, type Materials } from "./materials.ts";
import { createPicture } from "./picture.ts";

/** The scene with all that moves in it. */
export interface Stage {
  readonly engine: Engine;
  readonly scene: Scene;
  readonly player: Player;
  readonly zones: World["zones"];
  /** From now on this game is played. */
  begin(play: Play, options: StageOptions): void;
}

export interface StageOptions {
  readonly input: Input;
  readonly gentle: () => boolean;
  /** Nothing swings, pushes in or flickers. */
  readonly still: () => boolean;
  /** Whether time passes in the game; the picture lives on without. */
  readonly runs: () => boolean;
  /** On the title screen the world has all its colour, as it once had. */
  readonly dreams: () => boolean;
  /** How much faster than the clock time goes for who walks, 1 for people; who stands waits as long as the music. */
  readonly pace: number;
  /** 1 on the beat, falling to 0. */
  readonly pulse: () => number;
  readonly barPhase: () => number;
  /** Pitches of the melody that have begun since it was last asked. */
  readonly notes: () => readonly number[];
  /** How loud the stem of a lantern is, 0–1. */
  readonly level: (lantern: number) => number;
}

/** A frame never counts for more than this many seconds: after a pause nobody jumps. */
const LONGEST_FRAME = 0.25;
/** A slow machine draws seldom: long frames are played in steps of at most this many seconds. */
const STEP = 0.05;

export interface StageSetup {
  readonly state: () => GameState;
  readonly seed: number;
  /** Always all pixels, however slow the machine is. */
  readonly sharp: boolean;
}

export function createStage(canvas: HTMLCanvasElement, { state, seed, sharp }: StageSetup): Stage {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  const engine = new Engine(canvas, true, { audioEngine: false, stencil: false }, false);
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0.02, 0.02, 0.05, 1);
  scene.skipPointerMovePicking = true;
  scene.detachControl();
  if (!sharp) governResolution(engine, scene);
  const materials = createMaterials(scene);
  const world = createWorld(scene, materials, seed);
  createSky(scene, materials);
  const gentle = { is: () => false };
  const player = createPlayer({
    scene,
    material: materials.ink,
    obstacles: world.obstacles,
    carries: (spot) => carries(state(), spot, gentle.is()),
    eastEnd: () => eastEnd(state()),
  });
  addEventListener("resize", () => engine.resize());
  return {
    engine,
    scene,
    player,
    zones: world.zones,
    begin: (play, options) => {
      gentle.is = options.gentle;
      const picture = createPicture({ scene, engine, materials, world, player, play, ...options });
      const walk = createWalk(player, play, options);
      scene.onBeforeRenderObservable.add(() => {
        const dt = Math.min(LONGEST_FRAME, engine.getDeltaTime() / 1000);
        const { x, z } = player.velocity;
        const pace = Math.hypot(x, z) < STANDING ? 1 : options.pace;
        walk(options.runs() ? dt * pace : 0);
        player.pose(dt);
        picture(dt);
      });
      engine.runRenderLoop(() => scene.render());
    },
  };
}

/** Lets so many seconds of the game pass. */
function createWalk(player: Player, play: Play, { input }: StageOptions): (dt: number) => void {
  const wish: Wish = { x: 0, z: 0 };
  return (dt) => {
    const steps = Math.ceil(dt / STEP);
    const holding = input.holding();
    for (let i = 0; i < steps; i += 1) {
      input.read(wish);
      // While the lantern wakes one stands and looks.
      const isHeld = play.state.kindling?.left !== undefined;
      player.walk(dt / steps, isHeld ? STAND : wish);
      const { x, z } = player.node.position;
      const speed = Math.hypot(player.velocity.x, player.velocity.z);
      play.advance(dt / steps, { at: { x, z }, speed, holding });
    }
  };
}

const STAND: Wish = { x: 0, z: 0 };

function createSky(scene: Scene, { sky }: Materials): void {
  const mesh = CreateBox("sky", { size: 100 }, scene);
  mesh.material = sky;
  mesh.infiniteDistance = true;
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
}
