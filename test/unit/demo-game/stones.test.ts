import { expect, test } from "vitest";
import { ISLAND, WATER, placeAt } from "../../../demo-game/game/map.ts";
import { newGame, type GameState } from "../../../demo-game/game/state.ts";
import { carries, isStoneUp } from "../../../demo-game/game/stones.ts";

const STONES = placeAt(2).tokens;
const lake = (beat: number, done: readonly boolean[] = []): GameState => ({
  ...newGame(),
  lanterns: 2,
  at: { x: WATER.west - 1, z: 0 },
  act: { done, order: [], courage: 0 },
  beat: { count: beat, silence: 0 },
});
const upAt = (beat: number): readonly number[] =>
  STONES.flatMap((_, i) => (isStoneUp(lake(beat), i, false) ? [i] : []));

test("half of the stones are up, and each beat they move one on", () => {
  expect(upAt(0)).toEqual([0, 3, 4, 7]);
  expect(upAt(1)).toEqual([0, 1, 4, 5]);
});

test("a stone that was stepped on stays up", () => {
  expect(isStoneUp(lake(2, [true]), 0, false)).toBe(true);
});

test("one cannot step on a stone under water, but the one that carries somebody stays", () => {
  const [stone = { x: 0, z: 0 }] = STONES;
  expect(carries(lake(2), stone, false)).toBe(false);
  expect(carries({ ...lake(2), at: stone }, stone, false)).toBe(true);
});

test("with the wave one comes over the lake, a stone a beat, and never stands in the water", () => {
  for (const [i, stone] of STONES.entries()) {
    const before = { ...lake(i), at: STONES[i - 1] ?? { x: WATER.west, z: 0 } };
    expect(carries(before, stone, false)).toBe(true);
  }
});

test("neighbouring stones touch, as do shore, island and causeway", () => {
  const all = { ...lake(0), lanterns: 3 };
  const line = [
    { x: WATER.west, z: 0.4 },
    ...STONES,
    { x: ISLAND.x - ISLAND.radius + 0.1, z: 1.4 },
  ];
  for (const [i, from] of line.entries()) {
    const to = line[i + 1] ?? from;
    for (let t = 0; t <= 1; t += 0.1) {
      const spot = { x: from.x + (to.x - from.x) * t, z: from.z + (to.z - from.z) * t };
      expect(carries(all, spot, false)).toBe(true);
    }
  }
});

test("a gentle lake keeps all of its stones up", () => {
  expect(STONES.every((_, i) => isStoneUp(lake(2), i, true))).toBe(true);
});
