import { add, hasFingers } from "./element.ts";
import { createMenu, type MenuItem } from "./screens.ts";

const DARK = "Five lanterns are dark, and the music is gone with them.";
const BRIGHT = "Five lanterns shine, and the music is back.";

const BY_KEY =
  "Walk with WASD, arrows, a held pointer or a gamepad, or hold F to follow the mote · hold Space at a lantern";
const BY_FINGER = "Hold a finger where you want to go · hold the round button at a lantern";

/** The first thing one sees: name, one sentence, what one can do; `isHome`: the last walk came to its end. */
export function createTitle(
  root: Element,
  items: readonly MenuItem[],
  isHome: boolean,
): HTMLElement {
  const menu = createMenu(root, "", items);
  menu.classList.add("title");
  const head = document.createElement("header");
  add(head, "h1", "Lantern Forest");
  const tagline = add(head, "p", isHome ? BRIGHT : DARK);
  tagline.classList.add("tagline");
  menu.prepend(head);
  const how = add(menu, "p", hasFingers() ? BY_FINGER : BY_KEY);
  how.classList.add("how");
  return menu;
}
