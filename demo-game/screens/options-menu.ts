import { COMMANDS, type Command } from "../input/keyboard.ts";
import type { OptionStore, Slider, Switch } from "../options.ts";
import { add, say } from "./element.ts";

const SLIDERS: Readonly<Record<Slider, string>> = {
  master: "All sound",
  music: "Music",
  effects: "Steps and whispers",
};
const SWITCHES: Readonly<Record<Switch, string>> = {
  mono: "Same sound in both ears",
  captions: "Captions for the music",
  still: "Less motion",
  gentle: "Gentle Hush: nothing chases, nothing is timed",
  toggle: "Press once instead of holding",
};
const SLIDER_NAMES = ["master", "music", "effects"] as const;
const SWITCH_NAMES = ["captions", "gentle", "toggle", "still", "mono"] as const;
const COMMAND_TEXTS: Readonly<Record<Command, string>> = {
  up: "Walk into the picture",
  down: "Walk out of the picture",
  left: "Walk left",
  right: "Walk right",
  follow: "Follow the mote, with one key",
  hold: "Hold the lantern",
  pause: "Pause",
  mute: "Mute",
  ribbon: "Ribbon of the music",
  overlay: "What the music does",
};

/** Sliders, switches and keys. */
export function createOptionsMenu(
  root: Element,
  store: OptionStore,
  back: () => void,
): HTMLElement {
  const menu = add(root, "section");
  menu.classList.add("menu", "options");
  add(menu, "h2", "Options");
  const form = add(menu, "div");
  form.classList.add("form");
  for (const name of SLIDER_NAMES) addSlider(form, store, name);
  for (const name of SWITCH_NAMES) addSwitch(form, store, name);
  const keys = add(menu, "details");
  add(keys, "summary", "Keys");
  for (const command of COMMANDS) addKey(keys, store, command);
  const done = add(add(menu, "nav"), "button", "Back");
  done.id = "options-back";
  done.addEventListener("click", back);
  return menu;
}

function addSlider(form: Element, store: OptionStore, name: Slider): void {
  const label = add(form, "label", SLIDERS[name]);
  const input = add(label, "input");
  input.type = "range";
  input.id = `option-${name}`;
  input.max = "100";
  input.step = "5";
  input.value = String(store.now[name]);
  input.addEventListener("input", () => store.change({ [name]: Number(input.value) }));
}

function addSwitch(form: Element, store: OptionStore, name: Switch): void {
  const label = add(form, "label", SWITCHES[name]);
  const input = add(label, "input");
  input.type = "checkbox";
  input.id = `option-${name}`;
  input.checked = store.now[name];
  input.addEventListener("change", () => store.change({ [name]: input.checked }));
}

/** A button that waits for the next key and gives it to the command. */
function addKey(form: Element, store: OptionStore, command: Command): void {
  const row = add(form, "label", COMMAND_TEXTS[command]);
  const button = add(row, "button");
  button.type = "button";
  const show = (): void => say(button, store.now.bindings[command].map(keyName).join(", "));
  store.onChange(show);
  button.addEventListener("click", () => {
    say(button, "press a key …");
    addEventListener(
      "keydown",
      (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (event.code === "Escape") show();
        else store.bind(command, event.code);
      },
      { once: true, capture: true },
    );
  });
}

export const keyName = (code: string): string =>
  code
    .replace(/^Key|^Digit/, "")
    .replace(/^Arrow(.*)/, "$1 arrow")
    .replace(/^(Shift|Control|Alt|Meta)(Left|Right)$/, "$2 $1");
