import { add, say } from "./element.ts";

export type ScreenName = "title" | "walk" | "pause" | "options" | "credits";

/** The menus: one at a time, or none while one walks. */
export interface Screens {
  readonly name: ScreenName;
  show(name: ScreenName): void;
  /** To where `options` or `credits` were opened from. */
  back(): void;
  onChange(listener: (name: ScreenName) => void): void;
}

/** Each menu as an element that is hidden until it is shown. */
export function createScreens(
  menus: Readonly<Record<Exclude<ScreenName, "walk">, HTMLElement>>,
): Screens {
  const listeners: ((name: ScreenName) => void)[] = [];
  const now = { name: "title" as ScreenName, before: "title" as ScreenName };
  const show = (name: ScreenName): void => {
    if (name === now.name) return;
    if (now.name !== "options" && now.name !== "credits") now.before = now.name;
    now.name = name;
    draw();
    for (const listener of listeners) listener(name);
  };
  const draw = (): void => {
    document.body.dataset["screen"] = now.name;
    document.getElementById("hint")?.replaceChildren();
    for (const [name, menu] of Object.entries(menus)) menu.hidden = name !== now.name;
    const active = now.name === "walk" ? undefined : menus[now.name];
    if (active === undefined) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } else {
      const all = visibleIn(active);
      (all.find((each) => each.matches("input, button")) ?? all[0])?.focus();
    }
  };
  draw();
  addEventListener("keydown", moveFocus);
  return {
    get name() {
      return now.name;
    },
    show,
    back: () => show(now.before),
    onChange: (listener) => listeners.push(listener),
  };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowLeft: -1,
};

const isSlider = (element: Element | null): boolean =>
  element instanceof HTMLInputElement && element.type === "range";

/** What of a menu can have the focus. */
const visibleIn = (menu: Element): readonly HTMLElement[] =>
  [...menu.querySelectorAll<HTMLElement>("button, input, summary, a")].filter((each) =>
    each.checkVisibility(),
  );

/** The arrow keys, and a gamepad's cross through them, walk through a menu as the tabulator does. */
function moveFocus(event: KeyboardEvent): void {
  const way = STEPS[event.code];
  const menu = document.querySelector(".menu:not([hidden])");
  if (way === undefined || menu === null) return;
  const isAside = event.code === "ArrowLeft" || event.code === "ArrowRight";
  if (isAside && isSlider(document.activeElement)) return;
  // A slider would move too.
  event.preventDefault();
  const all = visibleIn(menu);
  const here = all.findIndex((each) => each === document.activeElement);
  all[(here + way + all.length) % all.length]?.focus();
}

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  readonly act: () => void;
  readonly isHidden?: boolean;
}

/** A menu with a heading and buttons. */
export function createMenu(
  root: Element,
  heading: string,
  items: readonly MenuItem[],
): HTMLElement {
  const menu = add(root, "section");
  menu.classList.add("menu");
  if (heading !== "") add(menu, "h2", heading);
  const list = add(menu, "nav");
  for (const { id, text, act, isHidden = false } of items) {
    const button = add(list, "button", text);
    button.id = id;
    button.hidden = isHidden;
    button.addEventListener("click", act);
  }
  return menu;
}

/** A line that shows for a while and goes. */
export function createLine(target: HTMLElement, seconds: number): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    say(target, text);
    target.classList.add("shown");
    clearTimeout(timer);
    timer = setTimeout(() => target.classList.remove("shown"), seconds * 1000);
  };
}
