import { expect, test } from "vitest";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { explainRules, explainTransitions } from "../../../engine/director/explain.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import type { Rule } from "../../../engine/score/score.ts";
import { seconds } from "../../../engine/time/units.ts";
import { rule, score } from "../../helpers/score.ts";

const set = (at: number, value: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value,
});

/** What the rules say at a time. */
function explained(rules: readonly Rule[], events: readonly GameEvent[], at: number) {
  const written = score({ rules });
  const { state } = step(written, createDirectorState(written), events, seconds(at));
  return explainRules(written, state, seconds(at)).map(({ status, why }) => `${status}: ${why}`);
}

test("says which rule decides, which it overrules, and what the others wait for", () => {
  const rules = [
    rule("danger", "intensity > 0.7", "intensity < 0.5"),
    rule("mystery", "intensity > 0.2", "intensity < 0.1"),
    rule("calm", "intensity > 0.95 or location is cave and intensity > 0.1", "intensity < 0.05"),
  ];
  expect(explained(rules, [set(0.1, 0.9)], 1)).toEqual([
    "decides: it holds until intensity < 0.5 (0.9: no)",
    "overruled: it holds until intensity < 0.1 (0.9: no), but rules[0] comes before it",
    "waits: it waits for intensity > 0.95 (0.9: no) or (location is cave (meadow: no) and intensity > 0.1 (0.9: yes))",
  ]);
});

test("says how long a rule dwells and cools down", () => {
  const rules = [
    rule("danger", "intensity > 0.7", "intensity < 0.5", {
      dwell: { value: 2, unit: "seconds" },
      cooldown: seconds(10),
    }),
  ];
  const events = [set(0.12, 0.9), set(1, 0)];
  expect(explained(rules, events, 1.15)).toEqual([
    "decides: it holds for another 1.0 s at least, then until intensity < 0.5 (0: yes)",
  ]);
  expect(explained(rules, events, 4.15)).toEqual([
    "cools-down: it ended and stays away for another 8.0 s",
  ]);
});

test("says which transition is taken and why the others are not", () => {
  expect(explainTransitions(score(), "danger", "calm")).toEqual([
    { index: 0, fits: false, why: "it goes to danger" },
    { index: 1, fits: true, why: "it is the first that fits" },
    { index: 2, fits: true, why: "transitions[1] fits first" },
  ]);
});
