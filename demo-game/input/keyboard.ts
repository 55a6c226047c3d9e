import type { Wish } from "./input.ts";

const WALKS = ["up", "down", "left", "right"] as const;
/** What a single press does. */
const ACTIONS = ["pause", "mute", "ribbon", "overlay"] as const;
export type Action = (typeof ACTIONS)[number];
export const COMMANDS = [...WALKS, "follow", "hold", ...ACTIONS] as const;
export type Command = (typeof COMMANDS)[number];
/** Key codes of each command. */
export type Bindings = Readonly<Record<Command, readonly string[]>>;

export const DEFAULT_BINDINGS: Bindings = {
  up: ["KeyW", "ArrowUp"],
  down: ["KeyS", "ArrowDown"],
  left: ["KeyA", "ArrowLeft"],
  right: ["KeyD", "ArrowRight"],
  follow: ["KeyF", "ShiftRight"],
  hold: ["Space", "KeyE", "Enter"],
  pause: ["Escape", "KeyP"],
  mute: ["KeyM"],
  ribbon: ["KeyR"],
  overlay: ["KeyO"],
};

export const isAction = (text: string | undefined): text is Action =>
  ACTIONS.some((action) => action === text);

const DIRECTIONS = { up: [0, 1], down: [0, -1], left: [-1, 0], right: [1, 0] } as const;

export interface Keyboard {
  add(out: Wish): void;
  holding(): boolean;
  following(): boolean;
  releaseAll(): void;
}

interface KeyboardOptions {
  readonly bindings: () => Bindings;
  readonly onAction: (action: Action) => void;
  readonly onHold: (down: boolean) => void;
  readonly onFollow: () => void;
}

export function createKeyboard({
  bindings,
  onAction,
  onHold,
  onFollow,
}: KeyboardOptions): Keyboard {
  const held = new Set<string>();
  const isDown = (command: Command): boolean => bindings()[command].some((code) => held.has(code));

  addEventListener("keydown", (event) => {
    const { code, repeat } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Out of a menu it leads all the same.
    if (isTyping(event.target) && code !== "Escape") return;
    const all = bindings();
    const action = ACTIONS.find((name) => all[name].includes(code));
    if (action !== undefined && !repeat) onAction(action);
    if (
      ![...WALKS, "follow" as const, "hold" as const].some((command) => all[command].includes(code))
    )
      return;
    if (all.hold.includes(code) && !repeat) onHold(true);
    if (all.follow.includes(code) && !repeat) onFollow();
    held.add(code);
    event.preventDefault();
  });
  addEventListener("keyup", ({ code }) => {
    held.delete(code);
    if (bindings().hold.includes(code)) onHold(false);
  });
  addEventListener("blur", () => held.clear());
  return {
    add: (out) => {
      for (const way of WALKS) {
        if (!isDown(way)) continue;
        out.x += DIRECTIONS[way][0];
        out.z += DIRECTIONS[way][1];
      }
    },
    holding: () => isDown("hold"),
    following: () => isDown("follow"),
    releaseAll: () => held.clear(),
  };
}

/** Keys that belong to a menu's own buttons and sliders. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("dialog, .menu") !== null;
