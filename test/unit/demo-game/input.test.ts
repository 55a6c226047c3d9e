import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createInput, type Input } from "../../../demo-game/input/input.ts";
import { DEFAULT_BINDINGS } from "../../../demo-game/input/keyboard.ts";

/** The page: it has keys, and neither fields to type in nor gamepads. */
let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal(
    "Element",
    class {
      readonly isField = true;
    },
  );
  vi.stubGlobal("navigator", { getGamepads: () => [] });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const key = (kind: "keydown" | "keyup", code: string): void => {
  page.dispatchEvent(Object.assign(new Event(kind), { code }));
};

const press = (code: string): void => {
  key("keydown", code);
  key("keyup", code);
};

/** A mote that leads north. */
const inputThat = (toggles: boolean): Input =>
  createInput({
    canvas: new EventTarget() as HTMLElement,
    bindings: () => DEFAULT_BINDINGS,
    toggles: () => toggles,
    guide: (out) => (out.z += 1),
    onAction: () => undefined,
    onGamepad: () => undefined,
  });

const wishOf = (input: Input): { readonly x: number; readonly z: number } => {
  const out = { x: 0, z: 0 };
  input.read(out);
  return out;
};

test("one follows the mote while its key is held", () => {
  const input = inputThat(false);
  key("keydown", "KeyF");
  expect(wishOf(input)).toEqual({ x: 0, z: 1 });
  key("keyup", "KeyF");
  expect(wishOf(input)).toEqual({ x: 0, z: 0 });
});

test("where one press is enough, it follows until the next one", () => {
  const input = inputThat(true);
  press("KeyF");
  expect(wishOf(input)).toEqual({ x: 0, z: 1 });
  press("KeyF");
  expect(wishOf(input)).toEqual({ x: 0, z: 0 });
});

test("a step of one's own ends it, and so does a menu", () => {
  const input = inputThat(true);
  press("KeyF");
  key("keydown", "KeyD");
  expect(wishOf(input)).toEqual({ x: 1, z: 0 });
  key("keyup", "KeyD");
  expect(wishOf(input)).toEqual({ x: 0, z: 0 });
  press("KeyF");
  input.releaseAll();
  expect(wishOf(input)).toEqual({ x: 0, z: 0 });
});

test("the same press holds the lantern, and the next lets go", () => {
  const input = inputThat(true);
  press("Space");
  expect(input.holding()).toBe(true);
  press("Space");
  expect(input.holding()).toBe(false);
});
