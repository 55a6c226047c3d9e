import { createGamepad } from "./gamepad.ts";
import { createKeyboard, type Action, type Bindings } from "./keyboard.ts";
import { createPointer } from "./pointer.ts";

/** Where the player wants to go: x to the right, z away from the eye, length at most 1. */
export interface Wish {
  x: number;
  z: number;
}

export interface Input {
  /** Writes the present wish into `out`. */
  read(out: Wish): void;
  /** Whether the lantern is to be woken. */
  holding(): boolean;
  /** A button on the screen does what the key does. */
  press(down: boolean): void;
  /** Lets go of everything, as when a menu opens. */
  releaseAll(): void;
}

export interface InputOptions {
  readonly canvas: HTMLElement;
  readonly bindings: () => Bindings;
  /** One press holds, or follows, and the next one lets go. */
  readonly toggles: () => boolean;
  /** From the walker to where the guiding mote leads; nothing to follow leaves `out` as it is. */
  readonly guide: (out: Wish) => void;
  /** Single presses: pause, mute … */
  readonly onAction: (action: Action) => void;
  /** A gamepad came or went. */
  readonly onGamepad: (isThere: boolean) => void;
}

/** Keyboard, pointer or finger, and gamepad, all at once. */
export function createInput(options: InputOptions): Input {
  const { canvas, bindings, toggles, guide, onAction, onGamepad } = options;
  const state = { button: false, latched: false, follows: false };
  const change = (down: boolean): void => {
    if (toggles() && down) state.latched = !state.latched;
  };
  const follow = (): void => {
    state.follows = toggles() && !state.follows;
  };
  const keyboard = createKeyboard({ bindings, onAction, onHold: change, onFollow: follow });
  const pointer = createPointer(canvas);
  const gamepad = createGamepad({ onAction, onHold: change, onChange: onGamepad });
  return {
    read: (out) => {
      out.x = 0;
      out.z = 0;
      pointer.add(out);
      keyboard.add(out);
      gamepad.add(out);
      // Who walks by themselves follows no more.
      if (out.x !== 0 || out.z !== 0) state.follows = false;
      const follows = toggles() ? state.follows : keyboard.following();
      if (follows || gamepad.following()) guide(out);
      const length = Math.hypot(out.x, out.z);
      if (length <= 1) return;
      out.x /= length;
      out.z /= length;
    },
    holding: () =>
      toggles() ? state.latched : state.button || keyboard.holding() || gamepad.holding(),
    press: (down) => {
      state.button = down;
      change(down);
    },
    releaseAll: () => {
      state.button = false;
      state.latched = false;
      state.follows = false;
      keyboard.releaseAll();
      pointer.release();
    },
  };
}
