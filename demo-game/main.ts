import { createSoundtrack } from "attacca";
import { attachSoundtrack } from "attacca/babylon";
import { createInput } from "./input.ts";
import score from "./lantern-forest.score.yaml?raw";
import { createOverlay } from "./overlay/overlay.ts";
import { createPulse } from "./stage/pulse.ts";
import { createSigns } from "./overlay/signs.ts";
import { createStage } from "./stage/stage.ts";

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found;
};

const canvas = element("stage");
if (!(canvas instanceof HTMLCanvasElement)) throw new Error("the stage is no canvas");

const music = await createSoundtrack({ score });
const stage = createStage(canvas, { input: createInput(canvas), pulse: createPulse(music) });
attachSoundtrack(stage.scene, music, {
  listener: stage.player.node,
  zones: stage.zones,
  intensity: () => stage.threat.intensity(),
});
const overlay = createOverlay(element("overlay"), music);
let muted = false;
createSigns({
  title: element("title"),
  place: element("place"),
  controls: element("controls"),
  where: () => stage.player.node.position.x,
  begin: () => {
    overlay.toggle();
    return music.start();
  },
  keys: {
    KeyO: () => overlay.toggle(),
    KeyM: () => {
      muted = !muted;
      music.setVolume(muted ? -60 : 0);
      element("mute").setAttribute("aria-pressed", String(muted));
    },
  },
});
stage.run();
