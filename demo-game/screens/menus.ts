import type { Soundtrack } from "attacca";
import { newGame } from "../game/state.ts";
import type { OptionStore } from "../options.ts";
import { writeSave, type Save } from "../saves.ts";
import { createCredits } from "./credits.ts";
import { element, say } from "./element.ts";
import { startWithFirstGesture } from "./first-sound.ts";
import { createOptionsMenu } from "./options-menu.ts";
import { createMenu, createScreens, type MenuItem, type Screens } from "./screens.ts";
import { createTitle } from "./title.ts";
import { NO_ROOM, type Troubles } from "./troubles.ts";

export interface MenusOptions {
  readonly root: Element;
  readonly options: OptionStore;
  /** The walk that was kept, where there is one. */
  readonly save: Save | undefined;
  readonly music: Soundtrack;
  readonly troubles: Troubles;
  /** Keeps the walk as it is now. */
  readonly keep: () => void;
}

export interface Menus extends Screens {
  /** Whether the walk has begun; it stays so while a menu is open. */
  readonly hasBegun: boolean;
}

/** All menus, and the music that begins with the first click or key. */
export function createMenus(given: MenusOptions): Menus {
  const { root, options, save, music, troubles, keep } = given;
  const now = { begun: false };
  const begin = (): void => {
    now.begun = true;
    screens.show("walk");
  };
  const again = (seed: number): void => {
    const kept = writeSave({ seed, state: newGame(), music: undefined });
    if (kept === "nothing") troubles.tell("store", NO_ROOM);
    else location.reload();
  };
  const isHome = (save?.state.lanterns ?? 0) >= 5;
  const common: readonly MenuItem[] = [
    { id: "options", text: "Options", act: () => screens.show("options") },
    { id: "credits", text: "Credits", act: () => screens.show("credits") },
  ];
  const screens = createScreens({
    title: createTitle(root, {
      items: [
        { id: "begin", text: save === undefined ? "Begin" : "Continue", act: begin },
        { id: "anew", text: "Begin anew", act: () => again(1), isHidden: save === undefined },
        {
          id: "night-walk",
          text: "Night walk",
          act: () => again(Math.floor(Math.random() * 1e6) + 2),
          isHidden: !isHome,
        },
        ...common,
      ],
      options,
      isHome,
    }),
    pause: createMenu(root, "Paused", [
      { id: "resume", text: "Walk on", act: () => screens.show("walk") },
      ...common,
      { id: "to-title", text: "Keep and leave", act: () => location.reload() },
    ]),
    options: createOptionsMenu(root, options, () => screens.back()),
    credits: createCredits(root, () => (now.begun ? screens.show("walk") : screens.back())),
  });
  screens.onChange((name) => {
    say(element("credits-back"), now.begun ? "Walk on" : "Back");
    if (name === "pause") {
      keep();
      music.pause();
    } else music.resume();
  });
  startWithFirstGesture(music, troubles, save?.music);
  return {
    ...screens,
    get name() {
      return screens.name;
    },
    get hasBegun() {
      return now.begun;
    },
  };
}
