import { describe, expect, test } from "vitest";
import { createSpring } from "../../../demo-game/maths.ts";
import { steadyPulse } from "../../../demo-game/stage/steady-pulse.ts";

describe("a spring", () => {
  test("begins at its goal", () => {
    expect(createSpring(0.35)(7, 0.016)).toBe(7);
  });

  test("comes to a goal that moved, and never passes it", () => {
    const spring = createSpring(0.35);
    spring(0, 0.016);
    const way = Array.from({ length: 120 }, () => spring(1, 0.016));
    for (const [i, at] of way.entries()) expect(at).toBeGreaterThan(way[i - 1] ?? 0);
    expect(Math.max(...way)).toBeLessThanOrEqual(1);
    expect(way.at(-1)).toBeGreaterThan(0.999);
  });

  test("goes the same way at 20 and at 60 frames a second", () => {
    const after = (frames: number): number => {
      const spring = createSpring(0.35);
      spring(0, 0);
      return Array.from({ length: frames }, () => spring(1, 0.5 / frames)).at(-1) ?? 0;
    };
    expect(after(10)).toBeCloseTo(after(30), 9);
  });
});

/** Times at which light rises, for a beat this long, over ten seconds. */
function risesOf(beat: number, frame: number): readonly number[] {
  const steady = steadyPulse();
  const rises: number[] = [];
  let before = 0;
  for (let time = 0; time < 10; time += frame) {
    const light = steady(Math.exp(-((time / beat) % 1) / 0.3), frame);
    if (light > before + 0.01) rises.push(time);
    before = light;
  }
  return rises;
}

describe("the light of the beat", () => {
  test.each([60, 96, 132, 178])("flashes on each beat at %i bpm", (bpm) => {
    expect(risesOf(60 / bpm, 1 / 60).length).toBeGreaterThan((10 * bpm) / 60 - 2);
  });

  test.each([96, 132, 264, 400, 900])("never flashes four times in a second, at %i bpm", (bpm) => {
    const rises = risesOf(60 / bpm, 1 / 60);
    expect(rises.length).toBeGreaterThan(0);
    for (const [i, at] of rises.entries()) {
      const fourth = rises[i + 3];
      if (fourth !== undefined) expect(fourth - at).toBeGreaterThan(1 - 1e-6);
    }
  });
});
