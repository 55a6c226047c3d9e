import { expect, test } from "vitest";
import { newPacing, stepPacing } from "../../../demo-game/game/pacing.ts";

test("every third phrase of quiet walking is a rest, asked for one phrase ahead", () => {
  let pacing = newPacing();
  const asked: number[] = [];
  for (let phrase = 1; phrase <= 7; phrase += 1) {
    pacing = stepPacing(pacing, true);
    if (pacing.breath === 1) asked.push(phrase);
  }
  expect(asked).toEqual([2, 5]);
});

test("danger takes the rest away and begins the count anew", () => {
  const before = stepPacing(stepPacing(newPacing(), true), true);
  expect(stepPacing(before, false)).toEqual(newPacing());
});
