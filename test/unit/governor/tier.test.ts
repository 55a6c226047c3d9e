import { describe, expect, test } from "vitest";
import {
  createGovernor,
  govern,
  LIMITS,
  TIERS,
  type Governor,
  type Tier,
} from "../../../engine/governor/tier.ts";
import { milliseconds, unitInterval } from "../../../engine/time/units.ts";

interface Facts {
  readonly strain?: number;
  readonly load?: number;
  readonly wish?: Tier | "auto";
}

/** A governor that is asked ten times a second, some while after the beginning. */
function openGovernor(begun = 60) {
  let now = 0;
  let governor: Governor = createGovernor(milliseconds(-begun * 1000));
  const changes: string[] = [];
  const pass = (seconds: number, { strain = 0, load, wish = "auto" }: Facts = {}): Tier => {
    for (const end = now + seconds * 1000; now < end;) {
      now += 100;
      const before = governor.tier;
      const measured = { at: milliseconds(now), strain: unitInterval(strain), load };
      governor = govern(governor, measured, wish);
      if (governor.tier !== before) changes.push(`${governor.cause} ${governor.tier}`);
    }
    return governor.tier;
  };
  return { pass, changes };
}

describe("the governor", () => {
  test("goes down one tier after the other while frames suffer", () => {
    const { pass, changes } = openGovernor();
    pass(10, { strain: 0.4 });
    expect(changes).toEqual(["frames reduced", "frames present-only", "frames bank-only"]);
  });

  test("does not judge by its frames a game that is loading", () => {
    const { pass, changes } = openGovernor(0);
    pass(9.9, { strain: 0.9 });
    expect(changes).toEqual([]);
    expect(pass(0.2, { strain: 0.9 })).toBe("reduced");
  });

  test("leaves a lower tier time to show its effect", () => {
    const { pass } = openGovernor();
    expect(pass(0.1, { strain: 0.4 })).toBe("reduced");
    expect(pass(2.4, { strain: 0.4 })).toBe("reduced");
    expect(pass(0.1, { strain: 0.4 })).toBe("present-only");
  });

  test("stays where it is while frames are neither well nor bad", () => {
    const { pass, changes } = openGovernor();
    pass(2, { strain: 0.4 });
    pass(60, { strain: 0.1 });
    expect(changes).toEqual(["frames reduced"]);
  });

  test("goes up one tier after the other once frames have been well for a while", () => {
    const { pass, changes } = openGovernor();
    pass(3, { strain: 0.4 });
    expect(pass(4)).toBe("present-only");
    pass(20);
    expect(changes.slice(2)).toEqual(["calm reduced", "calm full"]);
  });

  test("waits longer each time that it rose too early", () => {
    const { pass } = openGovernor();
    const waits = Array.from({ length: 6 }, () => {
      while (pass(0.1, { strain: 0.4 }) === "full");
      let wait = 0;
      for (; pass(0.1) !== "full"; wait += 0.1);
      return Math.round(wait);
    });
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test("takes from a slow generator at once what it cannot do in time, and gives it back when it can", () => {
    const loads = [0.2, 0.3, 0.6, 1.25].map((load) => openGovernor().pass(0.1, { load }));
    expect(loads).toEqual(TIERS);
    const { pass, changes } = openGovernor();
    pass(20, { load: 0.6 });
    pass(20, { load: 0.45 });
    pass(20, { load: 0.3 });
    expect(changes).toEqual(["speed present-only", "calm reduced"]);
    expect(pass(20, { load: 0.15 })).toBe("full");
  });

  test("does as the game wishes, and takes up from there when it is left to itself", () => {
    const { pass, changes } = openGovernor();
    expect(pass(0.1, { wish: "bank-only" })).toBe("bank-only");
    expect(pass(30, { wish: "bank-only" })).toBe("bank-only");
    expect(pass(30, { wish: "full", strain: 0.9, load: 9 })).toBe("full");
    pass(5, { strain: 0.4 });
    expect(changes).toEqual([
      "game bank-only",
      "game full",
      "frames reduced",
      "frames present-only",
    ]);
  });

  test("is never left with authored takes alone when it is left to itself", () => {
    const { pass, changes } = openGovernor();
    expect(pass(30, { wish: "authored-only" })).toBe("authored-only");
    expect(pass(4, { strain: 0.9 })).toBe("bank-only");
    expect(pass(9)).toBe("present-only");
    expect(pass(30, { strain: 0.9, load: 9 })).toBe("bank-only");
    expect(changes.slice(0, 2)).toEqual(["game authored-only", "game bank-only"]);
  });

  test("allows less with every tier", () => {
    const limits = TIERS.map((tier) => LIMITS[tier]);
    for (const [index, { passes, rest, leastLikely }] of limits.slice(1).entries()) {
      const above = limits[index];
      expect(passes).toBeLessThanOrEqual(above?.passes ?? 0);
      expect(rest).toBeGreaterThanOrEqual(above?.rest ?? 9);
      expect(leastLikely).toBeGreaterThanOrEqual(above?.leastLikely ?? 9);
    }
    expect(limits.map(({ writes }) => writes)).toEqual([true, true, true, false]);
  });
});
