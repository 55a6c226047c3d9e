import { describe, expect, test } from "vitest";
import { locationNamed } from "../../../engine/director/places.ts";
import { likelyTargets, meansMood, moodNamed } from "../../../engine/director/rules.ts";
import { bpm } from "../../../engine/time/units.ts";
import { mood, rule, score } from "../../helpers/score.ts";

describe("likely targets", () => {
  const written = score({
    rules: [
      rule("danger", "intensity > 0.7", "intensity < 0.5"),
      rule("mystery", "intensity > 0.9", "intensity < 0.5"),
      rule("danger", "intensity > 0.8", "intensity < 0.5"),
    ],
  });
  const likely = (most: number, asked?: { mood: string; location: string }): readonly string[] =>
    likelyTargets(written, { mood: "mystery", palette: "plucked" }, "meadow", asked, most).map(
      ({ mood, location }) => `${mood} in ${location ?? "nowhere"}`,
    );

  test("are what is asked for, the moods of the rules, of the place and of other places, each sound once", () => {
    // `mystery` on plucked strings sounds already, and `field` sounds as `meadow` does.
    expect(likely(9)).toEqual([
      "danger in meadow",
      "calm in meadow",
      "mystery in cave",
      "calm in grotto",
    ]);
    expect(likely(9, { mood: "calm", location: "grotto" })[0]).toBe("calm in grotto");
    expect(likely(9, { mood: "calm", location: "grotto" })).toHaveLength(4);
  });

  test("are the likeliest where fewer are wanted than there are", () => {
    expect(likely(2)).toEqual(["danger in meadow", "calm in meadow"]);
    expect(likely(0)).toEqual([]);
  });
});

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
