import { describe, expect, test } from "vitest";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { nearness, type Foresight } from "../../../engine/director/nearness.ts";
import { outlook, worthPreparing, type Likely } from "../../../engine/director/outlook.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { seconds, unitInterval } from "../../../engine/time/units.ts";
import { condition, mood, rule, score, transition } from "../../helpers/score.ts";

const set = (value: number, at = 0): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value,
});

const none = { trendOf: () => 0, expected: new Map<string, number>() };

/** What is likely five seconds after a game has begun with some events. */
function look(
  written: Score,
  events: readonly GameEvent[] = [],
  omens: Partial<typeof none> = {},
): readonly Likely[] {
  let state = createDirectorState(written);
  for (let now = 0; now <= 5; now += 0.25) {
    const due = events.filter(({ at }) => at > now - 0.25 && at <= now);
    ({ state } = step(written, state, due, seconds(now)));
  }
  const { section } = state;
  if (section === undefined) throw new Error("nothing sounds");
  const sounds = { mood: section.mood.name, palette: section.palette };
  return outlook(written, state, sounds, { ...none, ...omens }, seconds(5));
}

const named = (likely: readonly Likely[]): readonly string[] =>
  likely.map(({ mood: name, location }) => `${name} in ${location ?? "nowhere"}`);
const weightOf = (likely: readonly Likely[], name: string): number =>
  likely.find((each) => each.mood === name)?.weight ?? 0;

describe("the outlook", () => {
  test("has the moods of rules, of the place and of other places, each sound once and the present one never", () => {
    const likely = look(score());
    // `field` sounds as `meadow` does, where the music is.
    expect(named(likely).toSorted()).toEqual([
      "calm in grotto",
      "danger in meadow",
      "mystery in cave",
    ]);
    for (const { weight } of likely) {
      expect(weight).toBeGreaterThan(0);
      expect(weight).toBeLessThan(1);
    }
  });

  test("has what is asked for first, and only that is certain", () => {
    const slow = score({
      transitions: score()
        .transitions.slice(2)
        .map((each) => ({ ...each, at: "phrase" as const })),
    });
    const likely = look(slow, [{ kind: "location", at: seconds(4.9), name: "grotto" }], {
      expected: new Map([["danger", 1]]),
    });
    expect(named(likely)[0]).toBe("calm in grotto");
    expect(likely.map(({ weight }) => weight === 1)).toEqual(likely.map((_, index) => index === 0));
  });

  test("finds a rule the likelier, the nearer its signal is and the more it moves there", () => {
    const [far, near, moving] = [
      look(score(), [set(0.1)]),
      look(score(), [set(0.6)]),
      look(score(), [set(0.5)], { trendOf: () => 0.15 }),
    ].map((likely) => weightOf(likely, "danger"));
    expect(near).toBeGreaterThan(far ?? 1);
    expect(moving).toBeGreaterThan(near ?? 1);
    expect(weightOf(look(score(), [set(0.5)], { trendOf: () => -0.3 }), "danger")).toBeLessThan(
      near ?? 0,
    );
  });

  test("finds the place's mood likely once the rule that holds is about to end", () => {
    const holding = look(score(), [set(1)]);
    const ending = look(score(), [set(1), set(0.55, 4)]);
    expect(weightOf(ending, "calm")).toBeGreaterThan(weightOf(holding, "calm"));
    expect(named(ending)[0]).toBe("calm in meadow");
  });

  test("finds a rule that another overrules less likely than one that is free", () => {
    const rules = (priority: number) => [
      rule("danger", "intensity > 0.5", "intensity < 0.2", { priority }),
      rule("mystery", "intensity > 0.9", "intensity < 0.8"),
    ];
    const under = look(score({ rules: rules(1) }), [set(0.85)]);
    const over = look(score({ rules: rules(-1) }), [set(0.85)]);
    expect(weightOf(under, "mystery")).toBeLessThan(weightOf(over, "mystery"));
  });

  test("finds a rule that has to stay away less likely", () => {
    const rested = (cooldown: number) =>
      look(
        score({
          transitions: [transition({ at: "beat" })],
          rules: [
            rule("danger", "intensity > 0.7", "intensity < 0.5", { cooldown: seconds(cooldown) }),
          ],
        }),
        [set(1), set(0.4, 2), set(0.69, 3)],
      );
    expect(weightOf(rested(60), "danger")).toBeLessThan(weightOf(rested(0), "danger"));
  });

  test("finds another place the likelier, the more the player stands in it", () => {
    const at = (cave: number) =>
      look(score(), [{ kind: "blend", at: seconds(1), weights: { meadow: 1 - cave, cave } }]);
    expect(weightOf(at(0.45), "mystery")).toBeGreaterThan(weightOf(at(0), "mystery"));
  });

  test("goes by what the game expects, also where no rule leads", () => {
    const written = score({ moods: [...score().moods, mood("fair")] });
    const likely = look(written, [], {
      expected: new Map([
        ["fair", 0.6],
        ["mystery", 0.01],
      ]),
    });
    expect(named(likely)[0]).toBe("fair in meadow");
    expect(likely[0]?.weight).toBe(0.6);
    expect(weightOf(likely, "mystery")).toBe(weightOf(look(score()), "mystery"));
  });

  test("goes by the place that the game expects", () => {
    const near = look(score(), [], { expected: new Map([["cave", 0.7]]) });
    expect(weightOf(near, "mystery")).toBeGreaterThan(weightOf(look(score()), "mystery"));
    expect(weightOf(near, "mystery")).toBeLessThanOrEqual(0.7);
  });

  test("has little hope of what a hold without end keeps away", () => {
    const held = look(score(), [
      set(0.69),
      { kind: "hold", at: seconds(1), id: 1, mood: "mystery", priority: 5, lasts: undefined },
    ]);
    expect(weightOf(held, "danger")).toBeLessThan(weightOf(look(score(), [set(0.69)]), "danger"));
    expect(weightOf(held, "calm")).toBeGreaterThan(0);
  });
});

describe("what is worth preparing", () => {
  const likely = (name: string, weight: number): Likely => ({
    mood: name,
    location: undefined,
    weight: unitInterval(weight),
  });
  const chosen = (all: readonly Likely[], prepared: readonly string[], most: number) =>
    worthPreparing(all, (target) => prepared.includes(target.mood), most).map((each) => each.mood);

  test("is the likeliest, as many as there is room for", () => {
    const all = [likely("a", 0.2), likely("b", 0.5), likely("c", 0.3)];
    expect(chosen(all, [], 2)).toEqual(["b", "c"]);
    expect(chosen(all, [], 0)).toEqual([]);
  });

  test("stays what it is while others are hardly likelier", () => {
    expect(chosen([likely("a", 0.35), likely("b", 0.3)], ["b"], 1)).toEqual(["b"]);
    expect(chosen([likely("a", 0.45), likely("b", 0.3)], ["b"], 1)).toEqual(["a"]);
  });

  test("is what is certain before all that is prepared", () => {
    expect(chosen([likely("a", 1), likely("b", 0.95)], ["b"], 1)).toEqual(["a"]);
  });
});

describe("the nearness of a condition", () => {
  const foresight: Foresight = {
    signal: (name) => (name === "health" ? 80 : 0.5),
    rangeOf: (name) => (name === "health" ? [0, 100] : [0, 1]),
    location: "cave",
    nearTo: (name) => (name === "meadow" ? 0.4 : 0.15),
  };
  const near = (text: string): number => nearness(condition(text), foresight);

  test("is 1 where it is true, and e^-1 for each fifth of a range that is missing", () => {
    expect(near("intensity > 0.3")).toBe(1);
    expect(near("intensity > 0.7")).toBeCloseTo(Math.exp(-1));
    expect(near("health < 40")).toBeCloseTo(Math.exp(-2));
    expect(near("health >= 80")).toBe(1);
  });

  test("is that of the farthest of all parts, and of the nearest of alternatives", () => {
    expect(near("intensity > 0.7 and health < 40")).toBeCloseTo(Math.exp(-2));
    expect(near("intensity > 0.7 or health < 40")).toBeCloseTo(Math.exp(-1));
  });

  test("of what is negated is that of its opposite", () => {
    expect(near("not intensity > 0.3")).toBeCloseTo(Math.exp(-1));
    expect(near("not (intensity > 0.3 and health > 40)")).toBeCloseTo(Math.exp(-1));
    expect(near("not (intensity > 0.3 or health > 40)")).toBeCloseTo(Math.exp(-2));
    expect(near("not not intensity > 0.7")).toBeCloseTo(Math.exp(-1));
  });

  test("of a place is how near it is, and leaving where one is is never certain", () => {
    expect(near("location is cave")).toBe(1);
    expect(near("location is meadow")).toBe(0.4);
    expect(near("location is not meadow")).toBe(1);
    expect(near("location is not cave")).toBe(0.15);
  });
});
