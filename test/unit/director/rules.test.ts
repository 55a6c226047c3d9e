import { describe, expect, test } from "vitest";
import { locationNamed } from "../../../engine/director/places.ts";
import { meansMood, moodNamed } from "../../../engine/director/rules.ts";
import { bpm } from "../../../engine/time/units.ts";
import { mood, score } from "../../helpers/score.ts";

describe("a name", () => {
  test("is looked up in its own score, though another has it too", () => {
    const [slow, fast] = [60, 180].map((tempo) =>
      score({ moods: [mood("calm", { tempo: bpm(tempo) })] }),
    );
    for (const each of [slow, fast, slow]) {
      expect(each && moodNamed(each, "calm")).toBe(each?.moods[0]);
    }
  });

  test("of no mood of the score is refused, whatever a transition means by any", () => {
    expect(() => moodNamed(score(), "constructor")).toThrow(RangeError);
    expect(() => meansMood(score(), ["any"], "constructor")).toThrow(RangeError);
  });

  test("of no place, and none at all, finds no place", () => {
    expect(locationNamed(score(), "__proto__")).toBeUndefined();
    expect(locationNamed(score(), undefined)).toBeUndefined();
    expect(locationNamed(score(), "grotto")?.palette).toBe("glass");
  });
});
