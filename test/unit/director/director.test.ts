import { describe, expect, test } from "vitest";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import type { Rule, Score } from "../../../engine/score/score.ts";
import type { SyncPoint } from "../../../engine/time/sync-point.ts";
import { seconds } from "../../../engine/time/units.ts";
import { direct as play, go, sections, set, story, trigger } from "../../helpers/directing.ts";
import { rule, score, transition } from "../../helpers/score.ts";

describe("the director", () => {
  test("begins at once in the mood of the first place", () => {
    expect(story(play([], 1))).toEqual(["calm at 0.00"]);
  });

  test("leaves at the first beat that is at least the lookahead away", () => {
    expect(story(play([set(4.1, 0.9)], 10))).toEqual(["calm at 0.00", "danger at 5.00"]);
  });

  test("a change asked for within the lookahead of a beat waits for the beat after", () => {
    expect(story(play([set(4.7, 0.9)], 10))).toEqual(["calm at 0.00", "danger at 6.00"]);
  });

  test("a change asked for on the downbeat waits for the next bar", () => {
    expect(story(play([go(4, "cave")], 10))).toEqual(["calm at 0.00", "mystery at 8.00"]);
  });

  test("a rule holds until its own end, not just below its threshold", () => {
    const cues = play([set(1, 0.9), set(9, 0.6), set(13.1, 0.4)], 40);
    expect(story(cues)).toEqual(["calm at 0.00", "danger at 2.00", "calm at 18.00"]);
  });

  test("a rule dwells for so many bars of what sounds, however short its reason", () => {
    const rules = [
      rule("danger", "intensity > 0.7", "intensity < 0.5", { dwell: { value: 3, unit: "bars" } }),
    ];
    const transitions: Score["transitions"] = [
      transition({ at: "beat", fade: { value: 0, unit: "beats" } }),
    ];
    const cues = play([set(1, 0.9), set(3, 0)], 40, score({ rules, transitions }));
    // Three bars of the calm in which it began are 12 s; the next beat of the danger is half a second further.
    expect(story(cues)).toEqual(["calm at 0.00", "danger at 2.00", "calm at 14.00"]);
  });

  test("a rule that has ended does not begin again before its cooldown is over", () => {
    const rules = [rule("danger", "intensity > 0.7", "intensity < 0.5", { cooldown: seconds(20) })];
    const cues = play([set(1, 0.9), set(9, 0), set(12, 0.9)], 40, score({ rules }));
    expect(story(cues)).toEqual([
      "calm at 0.00",
      "danger at 2.00",
      "calm at 10.00",
      "danger at 30.00",
    ]);
  });

  test("of two rules that hold the one of higher priority wins, of equals the first", () => {
    const loud = rule("danger", "intensity > 0.7", "intensity < 0.5");
    const low = rule("mystery", "intensity > 0.2", "intensity < 0.1");
    const moods = (...rules: readonly Rule[]): readonly string[] =>
      story(play([set(1, 0.9)], 8, score({ rules })));
    expect(moods(low, loud)).toEqual(["calm at 0.00", "mystery at 4.00"]);
    expect(moods(low, { ...loud, priority: 1 })).toEqual(["calm at 0.00", "danger at 2.00"]);
  });

  test("a rule may ask for a place", () => {
    const rules = [rule("danger", "location is cave and intensity > 0.5", "location is not cave")];
    const cues = play([set(1, 0.9), go(9, "cave")], 20, score({ rules }));
    expect(story(cues)).toEqual(["calm at 0.00", "danger at 10.00"]);
  });

  test("leaves at once, or on every second bar line, where the score says so", () => {
    const leaving = (at: SyncPoint): readonly string[] => {
      const transitions: Score["transitions"] = [
        transition({ at, fade: { value: 0, unit: "beats" } }),
      ];
      return story(play([set(1.3, 0.9)], 12, score({ transitions }))).slice(1);
    };
    expect(leaving("immediate")).toEqual(["danger at 1.85"]);
    expect(leaving("3 beats")).toEqual(["danger at 3.00"]);
    expect(leaving("2 bars")).toEqual(["danger at 8.00"]);
  });

  test("a transition to a mood takes in those that inherit from it, and lists of moods", () => {
    const written = score();
    const heirs = written.moods.map((each) =>
      each.name === "danger" ? { ...each, ancestors: ["fight"] } : each,
    );
    const leaving = (to: readonly string[]): string | undefined => {
      const transitions: Score["transitions"] = [
        transition({ to, at: "phrase", fade: { value: 0, unit: "beats" } }),
        ...written.transitions,
      ];
      return story(play([set(1, 0.9)], 17, score({ moods: heirs, transitions })))[1];
    };
    expect(leaving(["fight"])).toBe("danger at 16.00");
    expect(leaving(["mystery", "danger"])).toBe("danger at 16.00");
    expect(leaving(["mystery"])).toBe("danger at 2.00");
  });

  test("leaving at a phrase counts phrases of the mood that sounds", () => {
    const [, danger, calm] = sections(play([set(1, 0.9), set(4, 0)], 30));
    expect(danger?.startsAt).toBe(2);
    expect(calm?.startsAt).toBe(2 + 8);
  });

  test("the last of two changes in one frame wins", () => {
    expect(story(play([go(1, "cave"), set(1, 0.9)], 8))).toEqual([
      "calm at 0.00",
      "danger at 2.00",
    ]);
    expect(story(play([go(1, "cave"), go(1, "meadow")], 8))).toEqual(["calm at 0.00"]);
  });

  test("a change back before the transition is final cancels it", () => {
    expect(story(play([go(4.2, "cave"), go(5, "meadow")], 20))).toEqual(["calm at 0.00"]);
  });

  test("a change back after the transition is final is not lost: it follows", () => {
    const hard = score({ transitions: [transition({ fade: { value: 0.5, unit: "seconds" } })] });
    expect(story(play([go(4.2, "cave"), go(7.8, "meadow")], 30, hard))).toEqual([
      "calm at 0.00",
      "mystery at 8.00",
      "calm at 12.00",
    ]);
  });

  test("a place of the same mood and palette makes no transition", () => {
    expect(story(play([go(1, "field")], 20))).toEqual(["calm at 0.00"]);
  });

  test("a fade is measured in the tempo of the mood that begins", () => {
    const [, danger] = sections(play([set(1, 0.9)], 8));
    expect(danger?.fade).toBe(0.5);
  });

  test("says which transition matched", () => {
    const [, danger] = sections(play([set(1, 0.9)], 8));
    expect(danger?.transition).toEqual({ from: "calm", to: "danger", sync: "beat", matched: 0 });
  });

  test("phrases are cued to the horizon, without gap or overlap", () => {
    const phrases = play([], 60).filter((cue) => cue.kind === "phrase");
    expect(phrases.length).toBeGreaterThan(4);
    for (const [index, cue] of phrases.entries()) {
      expect(cue.index).toBe(index);
      expect(cue.at).toBe(index * 16);
      expect(cue.until).toBe((index + 1) * 16);
    }
  });

  test("a stem is heard from its threshold upwards", () => {
    const gain = (value: number): number | undefined =>
      play([set(0.5, value)], 2)
        .filter((cue) => cue.kind === "layer")
        .findLast((cue) => cue.stem === "drums")?.gain;
    expect(gain(0)).toBe(0);
    expect(gain(0.6)).toBeCloseTo(0.5);
    expect(gain(0.7)).toBe(1);
  });

  test("a director that could not run misses sync points, counts them and makes the next final at once", () => {
    const written = score();
    const first = step(written, createDirectorState(written), [], seconds(1));
    const asked = step(written, first.state, [go(1, "cave")], seconds(1.1));
    const woken = step(written, asked.state, [], seconds(6));
    expect(woken.state.missedSyncPoints).toBeGreaterThan(0);
    expect(story(woken.cues)).toEqual(["mystery at 8.00"]);
  });

  test("a director that could not run has a stinger sound on the next sync point, whole", () => {
    const written = score();
    const first = step(written, createDirectorState(written), [], seconds(1));
    const asked = step(written, first.state, [trigger(1, "alarm")], seconds(1.1));
    const woken = step(written, asked.state, [], seconds(2.7));
    expect(woken.cues.filter(({ kind }) => kind === "stinger")).toMatchObject([{ at: 3 }]);
  });

  test("a director that could not run changes the tempo on a beat that is still to come", () => {
    const written = score();
    const first = step(written, createDirectorState(written), [], seconds(1));
    const scale: GameEvent = { kind: "time-scale", at: seconds(1), scale: 2 };
    const asked = step(written, first.state, [scale], seconds(1.1));
    const woken = step(written, asked.state, [], seconds(2.7));
    expect(story(woken.cues)).toEqual(["calm at 3.00"]);
  });

  test("a director that decides ahead decides what it would have decided then", () => {
    const written = score();
    const events = [go(1, "cave"), trigger(1, "alarm")];
    const begun = step(written, createDirectorState(written), events, seconds(1), seconds(4));
    const ahead = step(written, begun.state, [], seconds(4), seconds(6));
    expect([...begun.cues, ...ahead.cues]).toEqual(play(events, 6, written));
    expect(ahead.state.missedSyncPoints).toBe(0);
  });

  test("bad values are reported and change nothing", () => {
    const written = score();
    const { state, problems } = step(
      written,
      createDirectorState(written),
      [set(0, Number.NaN), set(0, 1, "height"), set(0, 7)],
      seconds(0.1),
    );
    expect(problems).toEqual([
      { problem: "not-a-number", name: "intensity", at: 0 },
      { problem: "unknown-signal", name: "height", at: 0 },
      { problem: "out-of-range", name: "intensity", at: 0 },
    ]);
    expect(state.rules.map(({ holds }) => holds)).toEqual([true]);
  });
});
