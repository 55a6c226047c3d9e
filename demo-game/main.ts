import { createSoundtrack, ScoreError, type Soundtrack } from "attacca";
import { placeStingers } from "attacca/babylon";
import { goalOf, wayTo } from "./game/signals.ts";
import { newGame, type Happening } from "./game/state.ts";
import heroTheme from "./hero.mid?url&no-inline";
import { createInput } from "./input/input.ts";
import { isAction, type Action } from "./input/keyboard.ts";
import score from "./lantern-forest.score.yaml?raw";
import { createOptions } from "./options.ts";
import { markGame } from "./overlay/marks.ts";
import { createOverlay } from "./overlay/overlay.ts";
import { createRibbon } from "./overlay/ribbon.ts";
import { createPlay } from "./play.ts";
import { readSave, writeSave } from "./saves.ts";
import { createCaptions } from "./screens/captions.ts";
import { canvas, element, hasFingers } from "./screens/element.ts";
import { createHud } from "./screens/hud.ts";
import { createMenus } from "./screens/menus.ts";
import { keyName } from "./screens/options-menu.ts";
import { createLine } from "./screens/screens.ts";
import { createTroubles, NO_ROOM, watchPicture, watchSound } from "./screens/troubles.ts";
import { connect } from "./sound/connect.ts";
import { createCues } from "./sound/cues.ts";
import { createEffects } from "./sound/effects.ts";
import { createHotSoundtrack } from "./sound/hot-score.ts";
import { createLevels, followOptions } from "./sound/levels.ts";
import { createMusicClock } from "./sound/music-clock.ts";
import { createNoteWatch } from "./sound/note-watch.ts";
import { createPulse } from "./stage/pulse.ts";
import { createStage } from "./stage/stage.ts";

const wishes = new URLSearchParams(location.search);
/** How many times faster than for people something goes, 1–4. */
const haste = (name: "pace" | "tempo"): number =>
  Math.max(1, Math.min(4, Number(wishes.get(name) ?? 1) || 1));
const save = readSave();
const seed = save?.seed ?? 1;
const troubles = createTroubles();
const options = createOptions(() => troubles.tell("store", NO_ROOM));

// The music: a score, the files that it names, and a seed. Its audio context is the page's, as a score may
// take another one's place.
const audioContext = new AudioContext({ latencyHint: "balanced" });
const make = (text: string): Promise<Soundtrack> =>
  createSoundtrack({
    score: text,
    seed,
    files: async () => (await fetch(heroTheme)).arrayBuffer(),
    audioContext,
  });
const { music, swap } = await createHotSoundtrack(make, score);
music.setTimeScale(haste("tempo"));

// The game: what it is, what it looks like, what it sounds like.
const stage = orTell("This browser cannot draw the game: it needs WebGL", () =>
  createStage(canvas("stage"), { state: () => play.state, seed, sharp: wishes.has("sharp") }),
);
const clock = createMusicClock(stage.scene, music);
const play = createPlay({
  from: save?.state ?? newGame(),
  clock,
  gentle: () => options.now.gentle,
  tell: (it) => tell(it),
});
stage.player.moveTo(play.state.at);
const pulse = createPulse(stage.scene, music);
const sound = placeStingers(stage.scene, music, { listener: stage.player.node });
const cues = createCues({
  music,
  sound: (stinger, { x, z }) => sound(stinger, () => ({ x, y: stage.player.node.position.y, z })),
  tempo: haste("tempo"),
  place: () => play.state.lanterns,
});
const effects = createEffects(audioContext);
const mute = followOptions(music, effects, options);
const overlay = createOverlay(element("overlay"), music);
const ribbon = createRibbon(canvas("ribbon"), music);
const captions = createCaptions(music, {
  shown: () => options.now.captions,
  state: () => play.state,
});

const keep = (): void => {
  const kept = writeSave({ seed, state: play.state, music: music.save() });
  troubles.tell("store", kept === "nothing" ? NO_ROOM : "");
};
const screens = createMenus({ root: element("screens"), options, save, music, troubles, keep });
const isWalking = (): boolean => screens.name === "walk";
const announce = createLine(element("place"), 3.5);

/** What `make` makes; where it throws, the page says why there is nothing to see. */
function orTell<Made>(text: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    troubles.tell("picture", text);
    throw error;
  }
}

function tell(it: Happening): void {
  cues(it);
  captions.happening(it);
  if (it.kind === "fallen") {
    stage.player.moveTo(it.back);
    announce("The light went out");
  }
  if (it.kind === "lit") keep();
  if (it.kind === "home") {
    keep();
    screens.show("credits");
  }
}

const actions: Readonly<Record<Action, () => void>> = {
  pause: () => {
    if (screens.name === "walk") screens.show("pause");
    else if (screens.name === "pause") screens.show("walk");
    else if (screens.name !== "title") screens.back();
  },
  mute: () => mute.toggle(),
  ribbon: () => ribbon.toggle(),
  overlay: () => overlay.toggle(),
};
const input = createInput({
  canvas: canvas("stage"),
  bindings: () => options.now.bindings,
  toggles: () => options.now.toggle,
  guide: (out) => {
    const { x, z } = wayTo(goalOf(play.state, play.phrase), play.state.at);
    out.x += x;
    out.z += z;
  },
  onAction: (action) => actions[action](),
  onGamepad: (isThere) => {
    troubles.tell("gamepad", isThere ? "" : "The gamepad is gone: plug it in, or use keys");
    if (!isThere && isWalking()) screens.show("pause");
  },
});
screens.onChange(() => input.releaseAll());
element("controls").addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  const action = button?.dataset["action"];
  if (isAction(action)) actions[action]();
  button?.blur();
});
element("hold").addEventListener("pointerdown", () => input.press(true));
for (const kind of ["pointerup", "pointercancel", "pointerleave"] as const) {
  element("hold").addEventListener(kind, () => input.press(false));
}

const still = (): boolean => options.now.still;
options.onChange(({ still: isStill, toggle }) => {
  document.body.toggleAttribute("data-still", isStill);
  element("hold").textContent = toggle ? "press" : "hold";
});
stage.begin(play, {
  input,
  pulse,
  still,
  gentle: () => options.now.gentle,
  runs: isWalking,
  dreams: () => !screens.hasBegun,
  pace: haste("pace"),
  barPhase: () => music.phase("bar"),
  notes: createNoteWatch(music),
  level: createLevels(music),
});
connect(music, stage, { play, isWalking: () => screens.hasBegun });
const how = (): string => {
  const key = keyName(options.now.bindings.hold[0] ?? "Space");
  return `${options.now.toggle ? "Press" : "Hold"} ${hasFingers() ? "the round button" : key}`;
};
const hud = createHud({ play, pulse, still, how, announce });
stage.scene.onAfterRenderObservable.add(() => {
  hud();
  const { velocity } = stage.player;
  if (!isWalking()) return effects.rest();
  const speed = Math.hypot(velocity.x, velocity.z);
  return effects.update(stage.engine.getDeltaTime() / 1000, play.state, speed);
});
markGame(play, music);

watchSound(music, troubles);
watchPicture(stage.engine, troubles, () => {
  if (isWalking()) screens.show("pause");
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  if (isWalking()) screens.show("pause");
});

// Whoever writes the score hears it at once.
import.meta.hot?.accept("./lantern-forest.score.yaml?raw", (changed) => {
  const text: unknown = changed?.["default"];
  if (typeof text !== "string") return;
  swap(text).then(
    () => troubles.tell("sound", ""),
    (error: unknown) =>
      troubles.tell("sound", error instanceof ScoreError ? error.message : String(error)),
  );
});
