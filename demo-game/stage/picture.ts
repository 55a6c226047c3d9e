import type { Engine } from "@babylonjs/core/Engines/engine.js";
import { Vector2, Vector3, Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { distance, placeAt, type Spot } from "../game/map.ts";
import type { GameState } from "../game/state.ts";
import { approach, clamp, mix, smooth } from "../maths.ts";
import { createLook, lookAt } from "../places/places.ts";
import type { Play } from "../play.ts";
import type { Player } from "../player.ts";
import { createPuffs } from "../shapes/puffs.ts";
import type { World } from "../world.ts";
import { createGate } from "./gate.ts";
import { createGreatLanterns } from "./great-lanterns.ts";
import { createHushLook } from "./hush-look.ts";
import { createLights } from "./lights.ts";
import type { Frame, Materials } from "./materials.ts";
import type { StageOptions } from "./stage.ts";
import { createSteppingStones } from "./stepping-stones.ts";
import { createTokens } from "./tokens.ts";
import { createView, type View } from "./view.ts";
import { createWater } from "./water.ts";

export interface PictureParts extends StageOptions {
  readonly scene: Scene;
  readonly engine: Engine;
  readonly materials: Materials;
  readonly world: World;
  readonly player: Player;
  readonly play: Play;
}

/** Metres that colour has gone when it has reached everything in view. */
const FARTHEST = 90;

/** Draws the state of the game, once a frame. */
export function createPicture(parts: PictureParts): (dt: number) => void {
  const {
    scene,
    engine,
    materials,
    world,
    player,
    play,
    pulse,
    barPhase,
    notes,
    level,
    gentle,
    still,
    dreams,
  } = parts;
  const view = createView(scene);
  const smoke = createPuffs("smoke", { scene, material: materials.smoke, capacity: 160, order: 1 });
  const glow = createPuffs("glow", { scene, material: materials.glow, capacity: 300, order: 2 });
  const lights = createLights(world.shines);
  const lanterns = createGreatLanterns(scene, materials.ink);
  const water = createWater(scene, materials.water);
  const stones = createSteppingStones(scene, materials.ink, water);
  const tokens = createTokens();
  const hush = createHushLook();
  const gate = createGate();
  const frame = createFrame(view, player, water.rings);
  const { node, velocity } = player;
  const subject = { at: node.position, velocity, intensity: 0, aspect: 1, yaw: 0, low: 0 };

  let dreaming = dreams() ? 1 : 0;
  return (dt) => {
    const { state, phrase } = play;
    const near = nearness(state);
    const flicker = still() ? 1 : 1 + 0.05 * Math.sin(frame.time * 11);
    const fed = 1.75 * mix(0.14, 1, state.light) * (1 - 0.3 * near) * flicker;
    frame.lampLight = mix(frame.lampLight, fed, approach(dt, 0.15));
    frame.time += dt;
    frame.pulse = pulse();
    frame.barPhase = still() ? 0 : barPhase();
    frame.hush.set(
      state.hush.x,
      player.node.position.y + 1.2,
      state.hush.z,
      0.9 * state.hush.presence,
    );
    colour(frame, state);
    dreaming = mix(dreaming, dreams() ? 1 : 0, approach(dt, 1.5));
    frame.life.x = mix(frame.life.x, 1, dreaming);
    frame.life.y = mix(frame.life.y, 1, dreaming);
    subject.intensity = still() ? 0 : near;
    subject.yaw = frame.look.yaw;
    subject.low = lowness(state, dreams());
    subject.aspect = engine.getRenderWidth() / Math.max(1, engine.getRenderHeight());
    view.update(dt, subject);
    for (const pitch of notes()) water.ring(dropOf(pitch, state.at), 0.5);
    water.update(dt);
    stones.update(dt, state, gentle());
    materials.update(frame);
    const { time } = frame;
    hush.draw(dt, state, smoke, glow);
    gate(dt, time, state, smoke);
    tokens.draw(glow, { state, dt, time, pulse: frame.pulse, phrase });
    lanterns.draw(glow, state, { time, pulse: frame.pulse, level });
    lights.draw(glow, frame, level);
    smoke.flush();
    glow.flush();
  };
}

/** Where a note of the melody falls on the water: each pitch has its own place around the walker. */
const dropOf = (pitch: number, { x, z }: Spot): Spot => ({
  x: x + ((pitch * 5) % 13) - 6,
  z: z + 2 + ((pitch * 3) % 8),
});

const nearness = ({ hush, at }: GameState): number =>
  hush.presence * clamp(1 - distance(hush, at) / 18, 0, 1);

/** How far the eye sinks to look at the sky: wholly on the title screen and for the sunrise. */
function lowness({ kindling, spread, dawn }: GameState, dreams: boolean): number {
  if (dreams) return 1;
  const wakes = kindling?.left !== undefined || spread < 1 ? 0.5 : 0;
  return Math.max(wakes, smooth(dawn * 4));
}

function createFrame(view: View, player: Player, rings: number[]): Frame {
  return {
    look: createLook(),
    eye: view.eye,
    walker: player.node.position,
    lamp: player.lamp,
    lampLight: 1,
    hush: new Vector4(),
    life: new Vector2(1, 1),
    spread: new Vector3(0, 0, FARTHEST),
    rings,
    pulse: 0,
    barPhase: 0,
    time: 0,
  };
}

/** The look of the place, and how far the colour of the last lantern has spread over it. */
function colour(frame: Frame, { at, lanterns, dawn, spread }: GameState): void {
  const { look, life } = frame;
  if (spread < 1) {
    lookAt(at.x, { lanterns: lanterns - 1, dawn }, look);
    life.x = look.life;
  }
  lookAt(at.x, { lanterns, dawn }, look);
  life.y = look.life;
  if (spread >= 1) life.x = look.life;
  const { lantern } = placeAt(Math.max(0, lanterns - 1));
  frame.spread.set(lantern.x, lantern.z, spread < 1 ? spread ** 1.5 * FARTHEST : FARTHEST);
}
