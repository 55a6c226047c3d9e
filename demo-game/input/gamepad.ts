import type { Wish } from "./input.ts";
import type { Action } from "./keyboard.ts";

export interface GamepadInput {
  add(out: Wish): void;
  holding(): boolean;
  following(): boolean;
}

interface GamepadOptions {
  readonly onAction: (action: Action) => void;
  readonly onHold: (down: boolean) => void;
  /** One came, or the one that was used went. */
  readonly onChange: (isThere: boolean) => void;
}

const DEAD = 0.18;
/** Of the standard mapping: the lower face button; start and back; the right shoulder; the cross. */
const HOLD = 0;
const PAUSE = 9;
const OVERLAY = 8;
const FOLLOW = 5;
const WAYS = ["up", "down", "left", "right"] as const;
type Way = (typeof WAYS)[number];
const ARROWS: Readonly<Record<Way, string>> = {
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
};
const NO_CROSS = { up: false, down: false, left: false, right: false };
const CROSS = { up: 12, down: 13, left: 14, right: 15 } as const;

/** The first gamepad that is there. Browsers tell of it once one of its buttons was pressed. */
export function createGamepad({ onAction, onHold, onChange }: GamepadOptions): GamepadInput {
  const was = { hold: false, pause: false, overlay: false, ...NO_CROSS };
  const pad = (): Gamepad | undefined => navigator.getGamepads().find((each) => each !== null);
  addEventListener("gamepadconnected", () => onChange(true));
  // Another one may still be there.
  addEventListener("gamepaddisconnected", () => onChange(pad() !== undefined));

  const edge = (name: keyof typeof was, down: boolean): boolean => {
    const pressed = down && !was[name];
    was[name] = down;
    return pressed;
  };
  const look = (): void => {
    const now = pad();
    const down = (button: number): boolean => now?.buttons[button]?.pressed === true;
    if (edge("pause", down(PAUSE))) onAction("pause");
    if (edge("overlay", down(OVERLAY))) onAction("overlay");
    for (const way of WAYS) if (edge(way, down(CROSS[way]))) moveInMenu(way);
    const held = was.hold;
    if (edge("hold", down(HOLD))) pressInMenu(onHold);
    if (held && !was.hold) onHold(false);
  };
  // In menus nobody walks, but the buttons count.
  setInterval(look, 50);

  return {
    add: (out) => {
      const now = pad();
      if (now === undefined) return;
      const [x = 0, y = 0] = now.axes;
      if (Math.hypot(x, y) > DEAD) {
        out.x += x;
        out.z -= y;
      }
      const down = (button: number): number => (now.buttons[button]?.pressed === true ? 1 : 0);
      out.x += down(CROSS.right) - down(CROSS.left);
      out.z += down(CROSS.up) - down(CROSS.down);
    },
    holding: () => was.hold,
    following: () => pad()?.buttons[FOLLOW]?.pressed === true,
  };
}

/** Menus are walked through with the arrow keys; a slider that has the focus moves by one step. */
function moveInMenu(way: Way): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLInputElement && activeElement.type === "range") {
    if (way === "left") activeElement.stepDown();
    if (way === "right") activeElement.stepUp();
    activeElement.dispatchEvent(new Event("input"));
  }
  document
    .querySelector(".menu:not([hidden])")
    ?.dispatchEvent(new KeyboardEvent("keydown", { code: ARROWS[way], bubbles: true }));
}

/** In a menu the button presses what has the focus. */
function pressInMenu(onHold: (down: boolean) => void): void {
  const { activeElement } = document;
  const inMenu = activeElement instanceof HTMLElement && activeElement.closest(".menu") !== null;
  if (inMenu) activeElement.click();
  else onHold(true);
}
