import type { Command } from "../input/keyboard.ts";
import type { OptionStore } from "../options.ts";
import { add, hasFingers, say } from "./element.ts";
import { keyName } from "./options-menu.ts";
import { createMenu, type MenuItem } from "./screens.ts";

const DARK = "Five lanterns are dark, and the music is gone with them.";
const BRIGHT = "Five lanterns shine, and the music is back.";

const BY_FINGER = "Hold a finger where you want to go · hold the round button at a lantern";

export interface TitleOptions {
  readonly items: readonly MenuItem[];
  readonly options: OptionStore;
  /** The last walk came to its end. */
  readonly isHome: boolean;
}

/** The first thing one sees: name, one sentence, what one can do. */
export function createTitle(root: Element, { items, options, isHome }: TitleOptions): HTMLElement {
  const menu = createMenu(root, "", items);
  menu.classList.add("title");
  const head = document.createElement("header");
  add(head, "h1", "Lantern Forest");
  const tagline = add(head, "p", isHome ? BRIGHT : DARK);
  tagline.classList.add("tagline");
  menu.prepend(head);
  const how = add(menu, "p");
  how.classList.add("how");
  options.onChange((now) => say(how, hasFingers() ? BY_FINGER : byKey(now)));
  return menu;
}

/** The keys as they are now. */
function byKey({ bindings, toggle }: OptionStore["now"]): string {
  const first = (command: Command): string => keyName(bindings[command][0] ?? "");
  const walk = (["up", "left", "down", "right"] as const).map(first);
  const ways = walk.every(({ length }) => length === 1) ? walk.join("") : walk.join(", ");
  const hold = toggle ? "press" : "hold";
  return [
    `Walk with ${ways}, a held pointer or a gamepad, or ${hold} ${first("follow")} to follow the mote`,
    `${hold} ${first("hold")} at a lantern`,
  ].join(" · ");
}
