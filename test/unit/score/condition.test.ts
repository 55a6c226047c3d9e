import { describe, expect, it } from "vitest";
import { canMeet, opposite } from "../../../engine/score/condition-logic.ts";
import { holds } from "../../../engine/score/condition.ts";
import { readCondition } from "../../../engine/score/read-condition.ts";
import { condition } from "../../helpers/score.ts";

const more = { kind: "signal", signal: "intensity", comparison: ">", value: 0.7 } as const;
const cave = { kind: "location", location: "cave" } as const;

const facts = (signals: Readonly<Record<string, number>>, location?: string) => ({
  signal: (name: string): number => signals[name] ?? 0,
  location,
});

describe("a condition", () => {
  it.each([
    ["intensity > 0.7", more],
    ["intensity>=1", { ...more, comparison: ">=", value: 1 }],
    ["  heat  <  -4.5 ", { kind: "signal", signal: "heat", comparison: "<", value: -4.5 }],
    ["heat <= +3", { kind: "signal", signal: "heat", comparison: "<=", value: 3 }],
    ["location is cave", cave],
    ["location is not cave", { kind: "not", of: cave }],
    ["intensity > 0.7 and location is cave", { kind: "all", of: [more, cave] }],
    ["((intensity > 0.7))", more],
    [
      "not intensity > 0.7 and location is cave or intensity > 0.7",
      { kind: "any", of: [{ kind: "all", of: [{ kind: "not", of: more }, cave] }, more] },
    ],
    [
      "not (intensity > 0.7 or location is cave)",
      { kind: "not", of: { kind: "any", of: [more, cave] } },
    ],
  ])('reads "%s"', (text, expected) => {
    expect(readCondition(text)).toEqual({ ok: true, condition: expected });
  });

  it.each([
    ["", "the end", 'a signal, "location", "not" or "("'],
    ["intensity", "the end", '<, <=, > or >= after "intensity"'],
    ["intensity > fast", '"fast"', "a number"],
    ["intensity > 0.5 health < 3", '"health"', '"and", "or" or the end'],
    ["(intensity > 0.5", "the end", '")"'],
    ["location = cave", '"="', '"is" after "location"'],
    ["location is and", '"and"', "the name of a location"],
    ["intensity > 0.5 and", "the end", 'a signal, "location", "not" or "("'],
    ["intensity.constructor()", '"("', '<, <=, > or >= after "intensity.constructor"'],
    ["x > 1; alert(1)", '";"', '"and", "or" or the end'],
    ["(".repeat(500), "more text", "at most 200 characters"],
  ])('refuses "%s" and says where', (text, found, expected) => {
    expect(readCondition(text)).toEqual({ ok: false, found, expected });
  });

  it("is true of the facts that it describes", () => {
    const wanted = condition("intensity > 0.7 and not (health > 20 or location is cave)");
    expect(holds(wanted, facts({ intensity: 0.8, health: 20 }, "wood"))).toBe(true);
    expect(holds(wanted, facts({ intensity: 0.8, health: 20 }, "cave"))).toBe(false);
    expect(holds(wanted, facts({ intensity: 0.8, health: 21 }))).toBe(false);
    expect(holds(wanted, facts({ intensity: 0.7, health: 0 }))).toBe(false);
  });

  it("is false exactly where its opposite is true", () => {
    for (const text of ["a < 1", "a <= 1", "not a > 1", "location is x or a >= 1 and b < 0"]) {
      const wanted = condition(text);
      for (const a of [0, 1, 2]) {
        for (const b of [-1, 1]) {
          for (const location of [undefined, "x"]) {
            const found = facts({ a, b }, location);
            expect(holds(opposite(wanted), found)).toBe(!holds(wanted, found));
          }
        }
      }
    }
  });
});

describe("two conditions", () => {
  const range = (): readonly [number, number] => [0, 1];
  const meet = (a: string, b: string): boolean =>
    canMeet([condition(a), condition(b)], range) === true;

  it.each([
    ["x > 0.5", "x < 0.6"],
    ["x >= 0.5", "x <= 0.5"],
    ["x > 0.5", "y < 0.2"],
    ["x > 0.5 and y > 0.5", "y < 0.6 and x < 0.6"],
    ["x < 0.2 or location is cave", "x > 0.5"],
    ["location is not cave", "location is wood"],
  ])('"%s" and "%s" can be true at once', (a, b) => {
    expect(meet(a, b)).toBe(true);
    expect(meet(b, a)).toBe(true);
  });

  it.each([
    ["x > 0.5", "x < 0.5"],
    ["x > 0.5", "x <= 0.5"],
    ["x > 0.5 and y > 0.5", "x < 0.3 or y < 0.3"],
    ["location is cave", "location is wood"],
    ["x > 0.7 and location is cave", "location is not cave or x < 0.4"],
    ["x > 1", "x > 0.2"],
  ])('"%s" and "%s" cannot', (a, b) => {
    expect(meet(a, b)).toBe(false);
    expect(meet(b, a)).toBe(false);
  });

  it("of too many signals are not looked through", () => {
    const many = (sign: string): string =>
      Array.from({ length: 12 }, (_, index) => `s${index} ${sign} 0.5`).join(" and ");
    expect(canMeet([condition(many(">")), condition(many("<"))], range)).toBeUndefined();
  });
});
