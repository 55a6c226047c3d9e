import { expect, test } from "vitest";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { explainRules, explainTransitions } from "../../../engine/director/explain.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import type { Rule } from "../../../engine/score/score.ts";
import { seconds } from "../../../engine/time/units.ts";
import { direct, go, ofKind, sections, set } from "../../helpers/directing.ts";
import { rule, score, transition } from "../../helpers/score.ts";

const release = (id: number, at: number): GameEvent => ({ kind: "release", at: seconds(at), id });

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

test("every change of mood says who asked for it, and what became of the other rules", () => {
  const written = score({
    rules: [
      rule("danger", "intensity > 0.7", "intensity < 0.5"),
      rule("mystery", "intensity > 0.2", "intensity < 0.1"),
      rule("calm", "intensity > 0.95", "intensity < 0.05"),
    ],
    transitions: [transition({ fade: { value: 0, unit: "seconds" } })],
  });
  const hold: GameEvent = {
    kind: "hold",
    at: seconds(9),
    id: 1,
    mood: "mystery",
    priority: 0,
    lasts: undefined,
  };
  const cues = direct([set(1, 0.9), hold, go(14, "cave"), set(14, 0), release(1, 14)], 40, written);
  expect(sections(cues).map(({ mood, because }) => `${mood.name}: ${because}`)).toEqual([
    "calm: no rule holds, and it is that of meadow; waiting: rules[0], rules[1], rules[2]",
    "danger: rules[0]: it holds until intensity < 0.5 (0.9: no); overruled: rules[1]; waiting: rules[2]",
    "mystery: the game holds mystery; overruled: rules[0], rules[1]; waiting: rules[2]",
    "mystery: no rule holds, and it is that of cave; waiting: rules[0], rules[1], rules[2]",
  ]);
});

test("a fade that turns round says who turned it", () => {
  const written = score({ transitions: [transition({ fade: { value: 4, unit: "seconds" } })] });
  const [back] = ofKind(direct([set(1, 0.9), set(4.5, 0.1)], 10, written), "reversal");
  expect(back?.because).toBe("no rule holds, and it is that of meadow; waiting: rules[0]");
});

test("of many rules the first are named, and of a long condition what fits into a line", () => {
  const long = Array.from({ length: 10 }, (_, part) => `intensity < 0.${10 + part}`).join(" or ");
  const rules = Array.from({ length: 40 }, () => rule("danger", "intensity > 0.7", long));
  const [opening, danger] = sections(direct([set(1, 0.9)], 5, score({ rules })));
  expect(opening?.because).toMatch(/waiting: rules\[0\], .*, rules\[7\], 32 more$/);
  expect(danger?.because).toMatch(/^rules\[0\]: it holds until intensity < 0.1 .*…; overruled: /);
  expect(danger?.because?.length).toBeLessThan(700);
});

test("says which transition is taken and why the others are not", () => {
  expect(explainTransitions(score(), "danger", "calm")).toEqual([
    { index: 0, fits: false, why: "it goes to danger" },
    { index: 1, fits: true, why: "it is the first that fits" },
    { index: 2, fits: true, why: "transitions[1] fits first" },
  ]);
});
