import notice from "../../NOTICE.md?url";
import modelCard from "../../models/shipped/lite/MODEL_CARD.md?url";
import { add } from "./element.ts";

const HOME =
  "You carried a light through five dark places, and the music came home with you. The title has a night walk for you now: another forest, other music.";

const PARTS = [
  [
    "Theme, score, pictures",
    "Made for this game, and under the MIT licence like all of Attacca. What you see is drawn by code: there is not one texture and not one model file.",
  ],
  [
    "The notes around the theme",
    "Written while you walk, by a small neural network that runs in your browser. It learned from openly licensed scores alone.",
  ],
] as const;

const LINKS = [
  ["Model card: what the network learned from, what it is good for, where it fails", modelCard],
  ["What this builds on, and its licences", notice],
] as const;

/** Who and what made the game. */
export function createCredits(root: Element, back: () => void): HTMLElement {
  const menu = add(root, "section");
  menu.classList.add("menu", "credits");
  add(menu, "h2", "Lantern Forest");
  add(menu, "p", HOME).classList.add("home");
  for (const [heading, text] of PARTS) {
    const part = add(menu, "div");
    add(part, "h3", heading);
    add(part, "p", text);
  }
  for (const [text, address] of LINKS) {
    const link = add(add(menu, "p"), "a", text);
    link.href = address;
    link.target = "_blank";
  }
  const done = add(add(menu, "nav"), "button", "Back");
  done.id = "credits-back";
  done.addEventListener("click", back);
  return menu;
}
