import { describe, expect, test } from "vitest";
import { explainRules } from "../../../engine/director/explain.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { seconds } from "../../../engine/time/units.ts";
import { direct, directing, set, story } from "../../helpers/directing.ts";
import { rule, score, transition } from "../../helpers/score.ts";

const hold = (
  at: number,
  id: number,
  mood: string,
  changes: Partial<Extract<GameEvent, { kind: "hold" }>> = {},
): GameEvent => ({
  kind: "hold",
  at: seconds(at),
  id,
  mood,
  priority: 0,
  lasts: undefined,
  ...changes,
});
const release = (at: number, id: number): GameEvent => ({ kind: "release", at: seconds(at), id });
const hard = score({
  transitions: [transition({ fade: { value: 0, unit: "beats" } })],
});

describe("a mood that the game holds", () => {
  test("plays until it is released, then the music returns to what is wanted by then", () => {
    expect(story(direct([hold(1, 1, "mystery"), set(6, 0.9), release(9, 1)], 30, hard))).toEqual([
      "calm at 0.00",
      "mystery at 4.00",
      "danger at 12.00",
    ]);
  });

  test("lasts for its bars from when it begins, and leaves at the sync point after them", () => {
    const events = [hold(1, 1, "mystery", { lasts: { value: 2, unit: "bars" } })];
    expect(story(direct(events, 40, hard))).toEqual([
      "calm at 0.00",
      "mystery at 4.00",
      "calm at 16.00",
    ]);
  });

  test("goes on top of those before it and uncovers them when it goes", () => {
    const events = [hold(1, 1, "mystery"), hold(5, 2, "danger"), release(9, 2), release(13, 1)];
    expect(story(direct(events, 30, hard))).toEqual([
      "calm at 0.00",
      "mystery at 4.00",
      "danger at 8.00",
      "mystery at 10.00",
      "calm at 14.00",
    ]);
  });

  test("is let go of by its name as well, every time that it is held", () => {
    const events = [
      hold(1, 1, "mystery"),
      hold(2, 2, "mystery"),
      { kind: "release-mood", at: seconds(9), mood: "mystery" } as const,
    ];
    expect(story(direct(events, 30, hard))).toEqual([
      "calm at 0.00",
      "mystery at 4.00",
      "calm at 12.00",
    ]);
  });

  test("of a higher priority is not covered by one of a lower", () => {
    const events = [hold(1, 1, "mystery", { priority: 2 }), hold(5, 2, "danger")];
    expect(story(direct(events, 20, hard))).toEqual(["calm at 0.00", "mystery at 4.00"]);
  });

  test("gives way to a rule of a higher priority, and rules say why they do not decide", () => {
    const rules = [
      rule("danger", "intensity > 0.7", "intensity < 0.5", { priority: 3 }),
      rule("calm", "intensity > 0.1", "intensity < 0.05"),
    ];
    const written = { ...hard, rules };
    expect(story(direct([hold(1, 1, "mystery"), set(6, 0.9)], 20, written))).toEqual([
      "calm at 0.00",
      "mystery at 4.00",
      "danger at 8.00",
    ]);
    const { state } = directing([hold(1, 1, "mystery"), set(6, 0.3)], 20, written);
    expect(explainRules(written, state, seconds(20))[1]).toMatchObject({
      status: "overruled",
      why: expect.stringContaining("the game holds mystery"),
    });
  });

  test("held a thousand times leaves only so many behind", () => {
    const events = Array.from({ length: 1000 }, (_, id) => hold(1, id, "mystery"));
    expect(directing(events, 3).state.holds).toHaveLength(32);
  });
});
