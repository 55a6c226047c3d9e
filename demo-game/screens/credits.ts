import notice from "../../NOTICE.md?url";
import modelCard from "../../models/shipped/lite/MODEL_CARD.md?url";
import { add } from "./element.ts";

const LINES = [
  "You carried a light through five dark places, and the music came home with you.",
  "The hero's theme, the score and the pictures were made for this game and belong to Attacca, under the MIT licence. Everything you see is drawn by code: there is not one texture and not one model file.",
  "The notes around the theme were written while you walked, by a small neural network that runs in your browser. It learned from openly licensed scores alone.",
] as const;

const LINKS = [
  ["Model card: what it learned from, what it is good for, where it fails", modelCard],
  ["What this builds on, and its licences", notice],
] as const;

/** Who and what made the game. */
export function createCredits(root: Element, back: () => void): HTMLElement {
  const menu = add(root, "section");
  menu.classList.add("menu", "credits");
  add(menu, "h2", "Lantern Forest");
  for (const line of LINES) add(menu, "p", line);
  for (const [text, address] of LINKS) {
    const link = add(add(menu, "p"), "a", text);
    link.href = address;
    link.target = "_blank";
  }
  const done = add(add(menu, "nav"), "button", "Walk on");
  done.id = "credits-back";
  done.addEventListener("click", back);
  return menu;
}
