import { describe, expect, test } from "vitest";
import type { Cue } from "../../../engine/director/cue.ts";
import { step } from "../../../engine/director/director.ts";
import type { Stinger } from "../../../engine/score/score.ts";
import { barsUntil } from "../../../engine/time/section.ts";
import { bpm, decibels, seconds } from "../../../engine/time/units.ts";
import { direct, directing, go, ofKind, sections, trigger } from "../../helpers/directing.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

const withStinger = (changes: Partial<Stinger>, ...others: readonly Stinger[]) =>
  score({ stingers: [stinger("alarm", changes), ...others] });
const times = (...parts: Parameters<typeof direct>): readonly number[] =>
  ofKind(direct(...parts), "stinger").map(({ at }) => at);

describe("a stinger", () => {
  test.each([
    ["immediate", 2.68],
    ["beat", 3],
    ["bar", 4],
    ["2 bars", 8],
    ["phrase", 16],
    ["marker", 6],
  ] as const)("waits for its sync point: %s", (at, expected) => {
    const written = score({
      moods: [mood("calm", { markers: [{ name: "turn", at: { value: 1.5, unit: "bars" } }] })],
      stingers: [stinger("alarm", { at })],
      locations: [],
      rules: [],
    });
    const [time] = times([trigger(2.18, "alarm")], 30, written);
    expect(time).toBeCloseTo(expected, 9);
  });

  test("sounds for its bars, and the music makes room for it as the score says", () => {
    const duck = { by: decibels(-4), attack: seconds(0.1), release: seconds(0.6) };
    const [cue] = ofKind(
      direct([trigger(2.2, "alarm")], 8, withStinger({ bars: 2, duck })),
      "stinger",
    );
    expect(cue).toMatchObject({ at: 3, until: 11, duck });
  });

  test("is heard from where the game has put it, also when its sync point was missed", () => {
    const placing = { pan: -0.5, level: decibels(-9) };
    const events = [trigger(2.2, "alarm", placing), trigger(6.2, "alarm")];
    const cues = ofKind(direct(events, 12, withStinger({ cooldown: seconds(0) })), "stinger");
    expect(cues.map((cue) => cue.placing)).toEqual([placing, undefined]);
    const written = withStinger({});
    const asked = directing([trigger(2.1, "alarm", placing)], 2.2, written);
    let { state } = step(written, asked.state, [], seconds(9));
    const later: Cue[] = [];
    for (let now = 9; now < 14; now += 0.05) {
      const next = step(written, state, [], seconds(now));
      state = next.state;
      later.push(...next.cues);
    }
    const [late] = ofKind(later, "stinger");
    expect(late?.at).toBeGreaterThan(9);
    expect(late?.placing).toEqual(placing);
  });

  test("does not come again before its cooldown is over, which is said", () => {
    const written = withStinger({ cooldown: seconds(8) });
    const events = [trigger(1, "alarm"), trigger(5, "alarm"), trigger(10.3, "alarm")];
    expect(times(events, 20, written)).toEqual([2, 11]);
    expect(directing(events, 20, written).problems).toEqual(["cooling-down alarm"]);
  });

  test("without a cooldown one may be asked for while another is about to begin", () => {
    const written = withStinger({ cooldown: seconds(0) });
    const events = [trigger(1, "alarm"), trigger(1.7, "alarm")];
    expect(times(events, 20, written)).toEqual([2, 3]);
    expect(directing(events, 20, written).problems).toEqual([]);
  });

  test("of too many at once one of lower priority gives way, one of the same is dropped", () => {
    const written = withStinger(
      { most: 1, bars: 4 },
      stinger("fanfare", { most: 1, priority: 5, bars: 4 }),
    );
    const events = [trigger(1, "alarm"), trigger(3.2, "alarm"), trigger(5.2, "fanfare")];
    const { cues, problems } = directing(events, 20, written);
    expect(ofKind(cues, "stinger").map(({ at, stinger: { name } }) => `${name} ${at}`)).toEqual([
      "alarm 2",
      "fanfare 6",
    ]);
    expect(ofKind(cues, "stinger-cut")).toMatchObject([{ id: 0, at: 6 }]);
    expect(problems).toEqual(["too-many alarm"]);
  });

  test("sounds only in moods where it may", () => {
    const written = withStinger({ moods: ["mystery"] });
    const events = [trigger(1, "alarm"), go(2, "cave"), trigger(9, "alarm")];
    const { cues, problems } = directing(events, 20, written);
    expect(ofKind(cues, "stinger").map(({ at }) => at)).toEqual([10]);
    expect(problems).toEqual(["not-in-this-mood alarm"]);
  });

  test.each([
    ["cut", [8]],
    ["ring", []],
  ] as const)("when another mood begins it is left to %s", (next, expected) => {
    const written = withStinger({ bars: 4, next });
    const cues = direct([trigger(1, "alarm"), go(4.2, "cave")], 20, written);
    expect(ofKind(cues, "stinger-cut").map(({ at }) => at)).toEqual(expected);
  });

  test("that is to be cut where another mood begins counts as sounding until then", () => {
    const written = withStinger(
      { bars: 4, next: "cut" },
      stinger("fanfare", { at: "immediate", most: 1 }),
    );
    const events = [trigger(1, "alarm"), go(4.2, "cave"), trigger(7.49, "fanfare")];
    const { cues, problems } = directing(events, 20, written);
    expect(ofKind(cues, "stinger-cut")).toMatchObject([{ id: 0, at: 8 }]);
    expect(ofKind(cues, "stinger").map(({ at }) => at)).toEqual([2]);
    expect(problems).toEqual(["too-many fanfare"]);
  });

  test("keeps its cooldown when a transition asks for it too", () => {
    const alarm = stinger("alarm", { at: "bar", cooldown: seconds(8) });
    const written = score({
      stingers: [alarm],
      transitions: [transition({ at: "beat", stinger: "alarm" })],
    });
    const [first, second] = times([trigger(4.1, "alarm"), go(4.2, "cave")], 30, written);
    expect(first).toBe(5);
    expect(second).toBeUndefined();
  });

  test("that waits when another mood begins falls on the grid of that mood", () => {
    const written = score({
      moods: [mood("calm"), mood("danger"), mood("mystery", { tempo: bpm(97) })],
      stingers: [stinger("alarm", { at: "phrase" })],
      transitions: [transition({ at: "beat" })],
    });
    const cues = direct([trigger(4.1, "alarm"), go(5.2, "cave")], 40, written);
    const [cue] = ofKind(cues, "stinger");
    const over = sections(cues).find(({ index }) => index === cue?.section);
    if (cue === undefined || over === undefined) throw new Error("nothing sounded");
    expect(over.mood.name).toBe("mystery");
    expect(barsUntil(over, cue.at) % 4).toBeCloseTo(0, 6);
  });

  test("rings on through a change of tempo in its mood", () => {
    const written = withStinger({ bars: 4, next: "cut" });
    const scale = { kind: "time-scale", at: seconds(5), scale: 0.5 } as const;
    expect(ofKind(direct([trigger(1, "alarm"), scale], 20, written), "stinger-cut")).toEqual([]);
  });

  test("of a transition sounds where the new mood begins, after a bridge too", () => {
    const to = { to: ["mystery"], stinger: "alarm" };
    const direct1 = score({ transitions: [transition(to), transition()] });
    expect(times([go(4.2, "cave")], 30, direct1)).toEqual([8]);
    const bridge = { bars: 1, tempo: "step" as const };
    const bridged = score({ transitions: [transition({ ...to, bridge }), transition()] });
    expect(times([go(4.2, "cave")], 30, bridged)).toEqual([12]);
  });

  test("that the score does not have is refused and named", () => {
    expect(directing([trigger(1, "bell")], 3).problems).toEqual(["unknown-stinger bell"]);
  });
});
