import { add } from "./element.ts";
import { createMenu, type MenuItem } from "./screens.ts";

/** The first thing one sees: name, one sentence, what one can do. */
export function createTitle(root: Element, items: readonly MenuItem[]): HTMLElement {
  const menu = createMenu(root, "", items);
  menu.classList.add("title");
  const head = document.createElement("header");
  add(head, "h1", "Lantern Forest");
  const tagline = add(head, "p", "Five lanterns are dark, and the music is gone with them.");
  tagline.classList.add("tagline");
  menu.prepend(head);
  const how = add(
    menu,
    "p",
    "Walk with WASD, arrows, a held pointer or a gamepad, or hold F to follow the mote · hold Space at a lantern",
  );
  how.classList.add("how");
  return menu;
}
