import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addFrame, NO_FRAMES, strainOf } from "../../engine/governor/frames.ts";
import { createGovernor, govern, TIERS, type Governor } from "../../engine/governor/tier.ts";
import { milliseconds, unitInterval } from "../../engine/time/units.ts";

const moments = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 3000 }),
    strain: fc.double({ min: 0, max: 1, noNaN: true }),
    load: fc.option(fc.double({ min: 0, max: 4, noNaN: true }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 200 },
);

type Moments = typeof moments extends fc.Arbitrary<infer Value> ? Value : never;

/** Its states one after another, and when each was. */
function history(given: Moments): readonly { readonly at: number; readonly state: Governor }[] {
  let at = 0;
  let state = createGovernor(milliseconds(0));
  return given.map(({ after, strain, load }) => {
    at += after;
    state = govern(state, { at: milliseconds(at), strain: unitInterval(strain), load }, "auto");
    return { at, state };
  });
}

const rank = ({ tier }: Governor): number => TIERS.indexOf(tier);

describe("whatever frames and generator do, the governor", () => {
  test("rises by one tier at a time, and never within five seconds of the last change", () => {
    fc.assert(
      fc.property(moments, (given) => {
        const states = history(given);
        for (const [index, { at, state }] of states.slice(1).entries()) {
          const before = states[index]?.state ?? state;
          if (rank(state) >= rank(before)) continue;
          expect(rank(before) - rank(state)).toBe(1);
          expect(at - before.changedAt).toBeGreaterThanOrEqual(5000);
        }
      }),
    );
  });

  test("is at its best again after minutes of calm", () => {
    fc.assert(
      fc.property(moments, (given) => {
        const calm = Array.from({ length: 300 }, () => ({ after: 1000, strain: 0, load: 0.1 }));
        expect(history([...given, ...calm]).at(-1)?.state.tier).toBe("full");
      }),
    );
  });

  test("rests at the bank within half a minute of nothing but strain", () => {
    fc.assert(
      fc.property(moments, (given) => {
        const bad = Array.from({ length: 30 }, () => ({
          after: 1000,
          strain: 0.5,
          load: undefined,
        }));
        expect(history([...given, ...bad]).at(-1)?.state.tier).toBe("bank-only");
      }),
    );
  });

  test("is given a strain between 0 and 1", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (times) => {
        const strain = strainOf(times.reduce(addFrame, NO_FRAMES));
        expect(strain >= 0 && strain <= 1).toBe(true);
      }),
    );
  });
});
