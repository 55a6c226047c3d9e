import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  intensityFrom,
  lost,
  recentDamage,
  speedOf,
  threatNear,
} from "../../../integrations/babylon/index.ts";

const origin = () => ({ x: 0, y: 0, z: 0 });
const at = (x: number) => ({ position: { x, y: 0, z: 0 } });

describe("a threat", () => {
  const near = (...xs: readonly number[]): number =>
    threatNear({ listener: origin, threats: () => xs.map(at), reach: 10 })();

  test("counts from its reach on, whole at the listener", () => {
    expect(near()).toBe(0);
    expect(near(10, -40)).toBe(0);
    expect(near(5)).toBeCloseTo(0.5);
    expect(near(0)).toBe(1);
  });

  test("counts more in company", () => {
    expect(near(5, -5)).toBeCloseTo(0.75);
  });
});

test("what is lost is nothing when full and all at nothing, whatever the game's scale", () => {
  expect([100, 25, 0, 120, -5].map((health) => lost(() => health, 100)())).toEqual([
    0, 0.75, 1, 0, 1,
  ]);
});

test("damage counts half after its half-life, and never more than all", () => {
  let now = 0;
  const damage = recentDamage(3, () => now);
  damage.add(0.4);
  damage.add(0.4);
  expect(damage.share()).toBeCloseTo(0.8);
  now = 3;
  expect(damage.share()).toBeCloseTo(0.4);
  damage.add(7);
  expect(damage.share()).toBe(1);
  damage.add(Number.NaN);
  expect(damage.share()).toBe(1);
});

test("speed is a share of the top speed, at any frame rate", () => {
  const after = (frame: number): number => {
    let now = 0;
    const speed = speedOf(
      () => ({ x: now * 3, y: 0, z: 0 }),
      6,
      () => now,
    );
    while (now < 4) {
      speed();
      now += frame;
    }
    return speed();
  };
  expect(after(1 / 144)).toBeCloseTo(0.5, 2);
  expect(after(1 / 10)).toBeCloseTo(0.5, 2);
});

describe("intensity of several reasons", () => {
  test("is that of the only one, by its weight", () => {
    expect(intensityFrom({ threat: () => 0.7 })()).toBeCloseTo(0.7);
    expect(intensityFrom({ lost: () => 1 })()).toBeCloseTo(0.5);
    expect(intensityFrom({})()).toBe(0);
  });

  test("stays within [0, 1], and no reason more makes it less", () => {
    const part = fc.double({ min: -2, max: 3 });
    fc.assert(
      fc.property(part, part, part, part, part, (threat, gone, hurt, speed, more) => {
        const of = (first: number): number =>
          intensityFrom({
            threat: () => first,
            lost: () => gone,
            damage: () => hurt,
            speed: () => speed,
          })();
        const least = of(Math.min(threat, more));
        expect(least).toBeGreaterThanOrEqual(0);
        expect(least).toBeLessThanOrEqual(of(Math.max(threat, more)));
        expect(of(Math.max(threat, more))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
