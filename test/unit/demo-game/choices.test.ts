import { expect, test } from "vitest";
import { newGame } from "../../../demo-game/game/state.ts";
import { DEFAULT_BINDINGS } from "../../../demo-game/input/keyboard.ts";
import { levelOf, rebind } from "../../../demo-game/options.ts";
import { isLike } from "../../../demo-game/storage.ts";

test("a key goes to its new command and leaves the one that had it", () => {
  const bound = rebind(DEFAULT_BINDINGS, "hold", "KeyM");
  expect(bound.hold[0]).toBe("KeyM");
  expect(rebind(DEFAULT_BINDINGS, "hold", "KeyW").up).toEqual(["ArrowUp"]);
});

test("no command loses its last key", () => {
  const bound = rebind(DEFAULT_BINDINGS, "hold", "KeyM");
  expect(bound.mute).toEqual(["KeyM"]);
});

test("a slider is silence at its lower end and full at its upper", () => {
  expect([0, 50, 100].map(levelOf)).toEqual([-60, -20, 0]);
});

test("a kept walk is taken, and what lacks a part of one is not", () => {
  const state = newGame();
  expect(isLike(state, JSON.parse(JSON.stringify(state)))).toBe(true);
  expect(isLike(state, { ...state, light: "bright" })).toBe(false);
  expect(isLike(state, { ...state, hush: undefined })).toBe(false);
  expect(isLike(state, null)).toBe(false);
});
