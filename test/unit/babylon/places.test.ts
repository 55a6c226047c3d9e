import { describe, expect, test } from "vitest";
import { Places } from "../../../integrations/babylon/places.ts";
import type { Zone } from "../../../integrations/babylon/zone.ts";
import { soundtrackThat } from "../../helpers/soundtrack-double.ts";

interface Told {
  readonly locations: (number | string)[];
  readonly blends: Readonly<Record<string, number>>[];
  readonly hints: (readonly [place: string, probability: number])[];
}

/** Walks along the x axis, a step a second, and returns what the soundtrack was told. */
function walk(zones: readonly Zone[], xs: readonly number[], approach = 0): Told {
  const told: Told = { locations: [], blends: [], hints: [] };
  const music = soundtrackThat({
    set: (_, value) => void told.locations.push(value),
    blend: (weights) => void told.blends.push({ ...weights }),
    expect: (place, probability) => void told.hints.push([place, probability]),
  });
  const places = new Places(zones, approach, music);
  for (const [second, x] of xs.entries()) places.sample({ x, y: 0, z: 0 }, second);
  return told;
}

const ball = (location: string, x: number, radius: number, blend?: number): Zone => ({
  location,
  sphere: { center: { x, y: 0, z: 0 }, radius },
  ...(blend === undefined ? {} : { blend }),
});
const meadow: Zone = {
  location: "meadow",
  box: { min: { x: 5, y: -5, z: 5 }, max: { x: -30, y: 5, z: -5 } },
};

describe("a zone", () => {
  test("is a ball or a box by any two opposite corners, borders included", () => {
    expect(walk([ball("cave", 10, 2)], [7.9, 8, 12, 12.1]).locations).toEqual(["cave"]);
    expect(walk([meadow], [5.1]).locations).toEqual([]);
    expect(walk([meadow], [5]).locations).toEqual(["meadow"]);
    expect(walk([meadow], [-30]).locations).toEqual(["meadow"]);
  });

  test("takes its centre along", () => {
    const center = { x: 50, y: 0, z: 0 };
    const set: (number | string)[] = [];
    const music = soundtrackThat({ set: (_, value) => void set.push(value) });
    const places = new Places([{ location: "ship", sphere: { center, radius: 3 } }], 0, music);
    places.sample({ x: 0, y: 0, z: 0 }, 0);
    center.x = 1;
    places.sample({ x: 0, y: 0, z: 0 }, 1);
    expect(set).toEqual(["ship"]);
  });
});

describe("between two zones", () => {
  const cave = ball("cave", 10, 2, 4);

  test("places are mixed by the distance to the one, and what is left is the other's", () => {
    const { locations, blends } = walk([cave, meadow], [0, 4, 5, 6, 7, 8, 9]);
    expect(locations).toEqual(["meadow", "cave"]);
    // Beyond the meadow's border, which has no blend, only the cave is left.
    expect(blends).toEqual([{ cave: 0.25, meadow: 0.75 }]);
  });

  test("the mix goes from nothing to all without a jump", () => {
    const wide: Zone = {
      location: "meadow",
      box: { min: { x: -99, y: -9, z: -9 }, max: { x: 99, y: 9, z: 9 } },
    };
    const steps = Array.from({ length: 101 }, (_, index) => index / 10);
    const { blends } = walk([cave, wide], steps);
    const weights = blends.map(({ cave: weight = 0 }) => weight);
    expect(weights[0]).toBeLessThan(0.06);
    expect(weights.at(-1)).toBeGreaterThan(0.94);
    for (const [index, weight] of weights.entries()) {
      expect(weight - (weights[index - 1] ?? 0)).toBeGreaterThan(0);
      expect(weight - (weights[index - 1] ?? 0)).toBeLessThan(0.06);
      expect(weight + (blends[index]?.["meadow"] ?? 0)).toBeCloseTo(1, 9);
    }
  });

  test("one who stands still tells nothing more", () => {
    expect(walk([cave, meadow], [4.5, 4.5, 4.51, 4.5]).blends).toHaveLength(1);
  });

  test("two zones of one place are one place", () => {
    const { locations, blends } = walk([ball("cave", 0, 2, 3), ball("cave", 6, 2, 3)], [0, 3, 6]);
    expect(locations).toEqual(["cave"]);
    expect(blends).toEqual([]);
  });
});

describe("a place that comes near", () => {
  test("is expected the more, the nearer it is, and no longer once it is there", () => {
    const { hints } = walk([ball("cave", 20, 2)], [0, 7, 10, 13, 16, 18], 12);
    const [names, shares] = [hints.map(([name]) => name), hints.map(([, share]) => share)];
    expect(new Set(names)).toEqual(new Set(["cave"]));
    expect(shares.slice(0, -1)).toEqual(shares.slice(0, -1).toSorted((a, b) => a - b));
    expect(shares.at(-2)).toBeCloseTo(0.64);
    expect(shares.at(-1)).toBe(0);
  });

  test("is told of again every five seconds, as the soundtrack forgets", () => {
    const { hints } = walk(
      [ball("cave", 20, 2)],
      Array.from({ length: 11 }, () => 12),
      12,
    );
    expect(hints).toHaveLength(3);
  });

  test("is not expected where the game does not want it", () => {
    expect(walk([ball("cave", 20, 2)], [10, 15, 17], 0).hints).toEqual([]);
  });
});
