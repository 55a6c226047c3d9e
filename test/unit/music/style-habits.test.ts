import { describe, expect, test } from "vitest";
import { STYLES } from "../../../engine/music/bar-plan.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { habitsOf } from "../../../engine/music/style-habits.ts";

describe.each([...STYLES, undefined])("the habits of %s", (style) => {
  const { density, register } = habitsOf(style);

  test("let every stem sound, and none be calmer the more driven the music is", () => {
    for (const stem of STEMS) {
      const [calmest, driven] = density[stem];
      expect(calmest).toBeGreaterThanOrEqual(1);
      expect(driven).toBeGreaterThanOrEqual(calmest);
      expect(driven).toBeLessThanOrEqual(4);
    }
  });

  test("keep drums below the density at which toms and kick roll without pause", () => {
    expect(density.drums[1]).toBeLessThanOrEqual(3);
  });

  test("put the tune on top", () => {
    const { melody, counter, harmony, bass } = register;
    expect(melody).toBeGreaterThanOrEqual(Math.max(counter, harmony, bass));
  });
});

test("styles differ in what is asked for", () => {
  const asked = STYLES.map((style) => JSON.stringify(habitsOf(style)));
  expect(new Set(asked).size).toBe(STYLES.length);
});
