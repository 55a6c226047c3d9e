import { describe, expect, test } from "vitest";
import type { Cue } from "../../../engine/director/cue.ts";
import { preset, step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import type { Score } from "../../../engine/score/score.ts";
import { barsUntil } from "../../../engine/time/section.ts";
import { bpm, seconds, unitInterval } from "../../../engine/time/units.ts";
import { direct, go, ofKind, sections, set, trigger } from "../../helpers/directing.ts";
import { mood, score, stinger, transition } from "../../helpers/score.ts";

const hit = (at: number, time: number): GameEvent => ({
  kind: "hit",
  at: seconds(at),
  name: "gate",
  time: seconds(time),
  strength: unitInterval(0.8),
});

/** Cues up to 20 s of music for which the game did something before it began. */
function begunWith(event: GameEvent, written: Score): readonly Cue[] {
  let { state } = preset(written, createDirectorState(written), event);
  const cues: Cue[] = [];
  for (let index = 0; index <= 400; index += 1) {
    const result = step(written, state, [], seconds(index * 0.05));
    state = result.state;
    cues.push(...result.cues);
  }
  return cues;
}

/** A score whose intensity takes its time. */
const slowly = (changes: Partial<Score> = {}): Score => {
  const written = score(changes);
  const { intensity } = written.signals;
  if (intensity === undefined) throw new Error("there is no intensity");
  const slow = { ...intensity, attack: seconds(0.4), release: seconds(4) };
  return { ...written, signals: { intensity: slow } };
};

describe("what meets in one moment", () => {
  test("a hit point that is set before the start leaves the first phrase and its levels in place", () => {
    const quick = score({ moods: [mood("calm", { tempo: bpm(120) })], locations: [], rules: [] });
    const cues = begunWith(hit(0, 5.1), quick);
    const [first] = sections(cues);
    expect(first?.cause).toBe("opening");
    expect(ofKind(cues, "phrase").some(({ section }) => section === 0)).toBe(true);
    expect(ofKind(cues, "layer").some(({ section }) => section === 0)).toBe(true);
  });

  test("an intensity that is set before the start is that of every phrase and level from the first moment on", () => {
    const cues = begunWith(set(0, 0.9), slowly({ locations: [], rules: [] }));
    const phrases = ofKind(cues, "phrase");
    expect(phrases.length).toBeGreaterThan(2);
    for (const { intensity } of phrases) expect(intensity).toBe(0.9);
    expect(ofKind(cues, "layer").every(({ at, ramp }) => at === 0 && ramp === 0)).toBe(true);
  });

  test("a rule that holds before the start has the word from the first moment on", () => {
    const [first] = sections(begunWith(set(0, 0.9), slowly()));
    expect(first).toMatchObject({ mood: { name: "danger" }, cause: "opening" });
  });

  test("a stinger that is triggered before the start waits for its sync point", () => {
    const cues = begunWith(
      trigger(0, "alarm"),
      score({ stingers: [stinger("alarm", { at: "bar" })] }),
    );
    expect(ofKind(cues, "stinger").map(({ at }) => at)).toEqual([4]);
  });

  test("a stinger that is triggered when a change is final sounds on the grid of the mood that begins", () => {
    const written = score({
      moods: [mood("calm"), mood("danger", { tempo: bpm(72) })],
      locations: [],
      stingers: [stinger("alarm", { at: "bar" })],
      transitions: [transition({ at: "beat" })],
    });
    const cues = direct([set(2.2, 1), trigger(2.8, "alarm")], 20, written);
    const [, danger] = sections(cues);
    const [sounded] = ofKind(cues, "stinger");
    if (danger === undefined || sounded === undefined) throw new Error("nothing is cued");
    expect(danger.entersAt).toBe(3);
    const bar = barsUntil(danger, sounded.at);
    expect(bar).toBeCloseTo(Math.round(bar), 9);
  });

  test("a stinger that sounds alone has all others of lower priority give way", () => {
    const written = score({
      stingers: [
        stinger("alarm", { most: 2, bars: 4 }),
        stinger("fanfare", { most: 1, priority: 5 }),
      ],
    });
    const events = [trigger(1, "alarm"), trigger(2.2, "alarm"), trigger(5.2, "fanfare")];
    const cues = direct(events, 20, written);
    expect(ofKind(cues, "stinger-cut").map(({ id, at }) => `${id} ${at}`)).toEqual(["0 6", "1 6"]);
  });

  test("a stinger waits for no other to give way where one of them may stay", () => {
    const written = score({
      stingers: [
        stinger("alarm", { most: 2, bars: 4 }),
        stinger("bell", { most: 2, priority: 5, bars: 4 }),
        stinger("fanfare", { most: 1, priority: 5 }),
      ],
    });
    const events = [trigger(1, "alarm"), trigger(2.2, "bell"), trigger(5.2, "fanfare")];
    const cues = direct(events, 20, written);
    expect(ofKind(cues, "stinger-cut")).toEqual([]);
    expect(ofKind(cues, "stinger").map(({ stinger: { name } }) => name)).toEqual(["alarm", "bell"]);
  });

  test("a downbeat that was meant for a fading mood is not made up for when the fade turns round", () => {
    const slow = score({ rules: [], transitions: [transition()] });
    const cues = direct([go(4.2, "cave"), hit(6, 8.4), go(7.8, "meadow")], 40, slow);
    const [turn] = ofKind(cues, "reversal");
    const landed = sections(cues).find(({ cause }) => cause === "hit");
    if (turn === undefined || landed === undefined) throw new Error("nothing turned or landed");
    expect(landed.entersAt).toBeGreaterThan(turn.at);
  });

  test("a mood that was to end on a hit point has a phrase for every bar when its fade turns round later", () => {
    const slow = score({
      rules: [],
      transitions: [transition({ fade: { value: 2, unit: "bars" } })],
    });
    const events: GameEvent[] = [
      hit(6, 14.3),
      go(9.1, "cave"),
      { kind: "cancel-hit", at: seconds(12), name: "gate" },
      go(16.1, "meadow"),
    ];
    const cues = direct(events, 24, slow);
    const [turn] = ofKind(cues, "reversal");
    if (turn === undefined) throw new Error("nothing turned");
    const own = ofKind(cues, "phrase").filter(({ section }) => section === turn.section);
    expect(own.some(({ at, until }) => at <= turn.at && until > turn.at)).toBe(true);
  });

  test("a hit point that is too near is met in the tempo that the music has", () => {
    const cues = direct([hit(2.03, 3.2)], 20, score({ rules: [] }));
    expect(sections(cues).map(({ cause }) => cause)).toEqual(["opening", "hit"]);
    expect(sections(cues)[1]?.entersAt).toBe(3.5);
  });

  test("walking between places that sound alike does not make a change wait for another bar", () => {
    // A bar of 3.99 s: its line is final at the control point of 3.5 s, less than half a second before.
    const written = score({
      moods: [mood("calm", { tempo: bpm(240 / 3.99) }), mood("danger"), mood("mystery")],
      rules: [],
      transitions: [transition()],
    });
    const alike: Score = {
      ...written,
      locations: written.locations.map((each) =>
        each.name === "grotto" ? { ...each, mood: "mystery" } : each,
      ),
    };
    const [, changed] = sections(direct([go(1, "cave"), go(3.47, "grotto")], 10, alike));
    expect(changed?.entersAt).toBeCloseTo(3.99, 9);
    expect(changed?.location).toBe("grotto");
  });

  test("the third beat of a bar stands for the first in bars of two, at any tempo", () => {
    for (let tempo = 40; tempo <= 240; tempo += 1) {
      const written = score({
        moods: [
          mood("calm", { meter: "3/4", tempo: bpm(tempo) }),
          mood("danger", { meter: "6/8", tempo: bpm(tempo) }),
        ],
        locations: [],
        transitions: [transition({ at: "5 beats", enter: "equivalent beat" })],
      });
      const [, entered] = sections(direct([set(0.1, 1)], 20, written));
      if (entered === undefined) throw new Error("nothing is entered");
      expect(barsUntil(entered, entered.entersAt)).toBeCloseTo(0, 9);
    }
  });

  test("the tempo of a hit point that is cancelled is left after a fade, not in its middle", () => {
    const quick = score({
      moods: [mood("calm", { tempo: bpm(240) }), mood("danger"), mood("mystery")],
      rules: [],
      transitions: [transition({ fade: { value: 6, unit: "seconds" } })],
    });
    const cancel: GameEvent = { kind: "cancel-hit", at: seconds(9.3), name: "gate" };
    const events = [hit(0.5, 30.37), go(4.2, "cave"), go(9.02, "meadow"), cancel];
    const cues = direct(events, 40, quick);
    const [turn] = ofKind(cues, "reversal");
    const restored = sections(cues).findLast(({ cause }) => cause === "tempo");
    if (turn === undefined || restored === undefined) throw new Error("nothing was bent or turned");
    expect(restored.stretch).toBe(1);
    expect(restored.entersAt).toBeGreaterThanOrEqual(turn.at + turn.fade);
  });
});
