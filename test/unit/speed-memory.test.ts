import { describe, expect, test } from "vitest";
import { openSpeedMemory } from "../../engine/speed-memory.ts";

const DAY = 24 * 3_600_000;
const FOUND = { of: "a model on a device", backend: "webgpu" } as const;

const KEPT = { engine: "1.0.0", ...FOUND, at: 100 * DAY };

/** A browser's storage, and a clock that is moved by hand. */
function browser() {
  const kept = new Map<string, string>();
  const refusals: string[] = [];
  const clock = { now: 100 * DAY };
  const visit = (
    storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">,
    engine = "1.0.0",
  ) =>
    openSpeedMemory({
      engine,
      name: "speed",
      storage,
      now: () => clock.now,
      refused: (message) => refusals.push(message),
    });
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  return { kept, refusals, clock, visit, storage };
}

describe("a speed test", () => {
  test("is known at the next visit for thirty days", () => {
    const { clock, visit, storage, refusals } = browser();
    expect(visit(() => storage).recall()).toBeUndefined();
    visit(() => storage).keep(FOUND);
    clock.now += 29.9 * DAY;
    expect(visit(() => storage).recall()).toEqual(FOUND);
    expect(visit(() => storage, "1.0.1").recall()).toBeUndefined();
    clock.now += 0.2 * DAY;
    expect(visit(() => storage).recall()).toBeUndefined();
    expect(refusals).toEqual([]);
  });

  test("of a back end that has failed is forgotten", () => {
    const { kept, visit, storage } = browser();
    const memory = visit(() => storage);
    memory.keep(FOUND);
    memory.forget();
    expect(memory.recall()).toBeUndefined();
    expect(kept.size).toBe(0);
  });

  test.each([
    "",
    "no JSON {",
    "null",
    "7",
    "{}",
    JSON.stringify({ ...KEPT, backend: "abacus", at: 100 * DAY }),
    JSON.stringify({ ...KEPT, of: undefined }),
    JSON.stringify({ ...KEPT, at: "yesterday" }),
    JSON.stringify({ ...KEPT, at: 101 * DAY }),
  ])("is not believed where something else is kept: %s", (text) => {
    const { kept, visit, storage } = browser();
    kept.set("speed", text);
    expect(visit(() => storage).recall()).toBeUndefined();
  });

  test("that the browser does not keep is told of, and nothing throws", () => {
    const { visit, storage, refusals } = browser();
    const refuse = (): never => {
      throw new DOMException("the storage is closed", "SecurityError");
    };
    const closed = visit(refuse);
    expect(closed.recall()).toBeUndefined();
    closed.keep(FOUND);
    closed.forget();
    const full = visit(() => ({ ...storage, setItem: refuse }));
    full.keep(FOUND);
    expect(full.recall()).toBeUndefined();
    const message =
      "the browser does not keep the speed test, which is made at every visit: SecurityError: the storage is closed";
    expect(refusals).toEqual([message, message]);
  });
});
