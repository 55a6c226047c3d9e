import { describe, expect, test } from "vitest";
import { Budget } from "../../../engine/conductor/budget.ts";
import { Speculation } from "../../../engine/conductor/speculation.ts";
import { Trends } from "../../../engine/conductor/trends.ts";
import type { PhraseTake, TakeSource } from "../../../engine/composer/take.ts";
import { step } from "../../../engine/director/director.ts";
import type { GameEvent } from "../../../engine/director/event.ts";
import { createDirectorState } from "../../../engine/director/state.ts";
import { perStem } from "../../../engine/music/stem.ts";
import type { Score } from "../../../engine/score/score.ts";
import { createSignals, setSignal, type SignalState } from "../../../engine/signals/signals.ts";
import { milliseconds, seconds, unitInterval } from "../../../engine/time/units.ts";
import { rehearse } from "../../helpers/rehearsal.ts";
import { mood, rule, score, transition } from "../../helpers/score.ts";

const take = (source: TakeSource = "model"): PhraseTake => ({
  source,
  bars: [],
  notes: perStem(() => []),
});
const expecting = (at: number, name: string, probability: number): GameEvent => ({
  kind: "expect",
  at: seconds(at),
  name,
  probability: unitInterval(probability),
});
const set = (at: number, value: number): GameEvent => ({
  kind: "signal",
  at: seconds(at),
  name: "intensity",
  value,
});
const go = (at: number, name: string): GameEvent => ({ kind: "location", at: seconds(at), name });

const crowd = ["storm", "chase", "grief", "dawn", "fair", "hunt"];
/** More moods than are prepared. */
const crowded = (): Score =>
  score({
    moods: [...score().moods, ...crowd.map((name) => mood(name))],
    rules: crowd.map((name, nth) => rule(name, `intensity > ${nth / 10 + 0.3}`, "intensity < 0.1")),
  });

/** What speculation aims at, asked at some moments of a game that does nothing else. */
function targetsAt(times: readonly number[], events: readonly GameEvent[]): readonly string[][] {
  const written = crowded();
  const speculation = new Speculation(written);
  let state = createDirectorState(written);
  let told = 0;
  return times.map((time) => {
    const due = events.filter(({ at }) => at <= time).slice(told);
    told += due.length;
    ({ state } = step(written, state, due, seconds(time)));
    speculation.hear(due);
    const { section } = state;
    if (section === undefined) throw new Error("nothing sounds");
    return speculation.look(state, section, seconds(time), () => false).map((each) => each.mood);
  });
}

describe("what the game expects", () => {
  test("is prepared first, and no more once it is taken back", () => {
    const [before, hinted, after] = targetsAt(
      [1, 2, 3],
      [expecting(1.5, "hunt", 0.6), expecting(2.5, "hunt", 0)],
    );
    expect(before).not.toContain("hunt");
    expect(hinted?.[0]).toBe("hunt");
    expect(after).not.toContain("hunt");
  });

  test("is half forgotten after twenty seconds, unless it is said again", () => {
    const hints = [expecting(0.5, "hunt", 0.9), expecting(0.5, "fair", 0.6)];
    const [first, later, repeated] = targetsAt(
      [1, 19, 21],
      [...hints, expecting(20.5, "fair", 0.6)],
    );
    expect(first?.slice(0, 2)).toEqual(["hunt", "fair"]);
    expect(later?.slice(0, 2)).toEqual(["hunt", "fair"]);
    expect(repeated?.slice(0, 2)).toEqual(["fair", "hunt"]);
    expect(targetsAt([121], hints)[0]).not.toContain("hunt");
  });

  test("is forgotten where the music goes on elsewhere", () => {
    const written = crowded();
    const { state } = step(written, createDirectorState(written), [], seconds(1));
    const { section } = state;
    if (section === undefined) throw new Error("nothing sounds");
    const speculation = new Speculation(written);
    const first = () => speculation.look(state, section, seconds(1), () => false)[0]?.mood;
    speculation.hear([expecting(1, "hunt", 0.9)]);
    expect(first()).toBe("hunt");
    speculation.clear();
    expect(first()).not.toBe("hunt");
  });

  test("of a mood that the score lacks is ignored", () => {
    expect(targetsAt([2], [expecting(1, "constructor", 1)])).toEqual(targetsAt([2], []));
  });

  test("changes what is written, and no cue", async () => {
    const play = (events: readonly GameEvent[]) =>
      rehearse({
        score: crowded(),
        events: [set(20, 0.35), go(30, "cave"), ...events].toSorted((a, b) => a.at - b.at),
        until: 40,
        tick: 0.1,
        generatorDelay: () => 0.2,
      });
    const plain = await play([]);
    const hinted = await play([expecting(2, "hunt", 0.9), expecting(25, "danger", 0.7)]);
    expect(hinted.cues).toEqual(plain.cues);
    expect(plain.ledger.byMood.has("hunt")).toBe(false);
    expect(hinted.ledger.byMood.get("hunt")?.bass.onTime).toBe(1);
  });
});

describe("speculation", () => {
  test("counts a change as a hit where the model's take was ready, and as a miss where nothing was", () => {
    const speculation = new Speculation(score());
    const [written, banked, other] = [take(), take("bank"), take()];
    speculation.changed(written, written);
    speculation.changed(banked, banked);
    speculation.changed(written, other);
    speculation.changed(undefined, undefined);
    expect(speculation.changes).toEqual({ hits: 1, unwritten: 1, misses: 2 });
  });

  test("finds every change of a game that leaves it some seconds ready as the model wrote it", async () => {
    const { changes, budget } = await rehearse({
      score: score(),
      events: [go(12, "cave"), set(24, 0.9), set(36, 0.1), go(50, "grotto")],
      until: 60,
      tick: 0.1,
      generatorDelay: () => 0.3,
    });
    expect(changes).toEqual({ hits: 4, unwritten: 0, misses: 0 });
    expect(budget.totals.redeemed).toBeGreaterThan(0);
  });

  test("withdraws a request for a mood that is not likely any more, and keeps what is written", async () => {
    const { ledger, cancelled } = await rehearse({
      score: crowded(),
      events: [
        expecting(1, "hunt", 0.9),
        expecting(1, "fair", 0.9),
        expecting(8, "hunt", 0),
        expecting(8, "fair", 0),
        set(8, 0.29),
      ],
      until: 12,
      tick: 0.1,
      // The answer for one of the two is there before it is taken back, that for the other is not.
      generatorDelay: (count) => 0.1 + 10 * (count % 2),
    });
    const ended = ["hunt", "fair"].map((name) => ledger.byMood.get(name)?.bass);
    expect(cancelled.filter(({ id }) => /entry (hunt|fair)/.test(id))).toHaveLength(1);
    expect(ended.reduce((sum, counts) => sum + (counts?.waiting ?? 0), 0)).toBe(1);
  });

  test("writes a bridge to where the music is likely to go, and plays it when there is no time to write one", async () => {
    const play = (hint: number) =>
      rehearse({
        score: score({
          transitions: [transition({ at: "beat", bridge: { bars: 2, tempo: "ramp" } })],
        }),
        events: [expecting(1, "mystery", hint), go(24.2, "cave")],
        until: 32,
        tick: 0.1,
        generatorDelay: (count) => (count < 12 ? 0.2 : 4),
      });
    const written = (result: Awaited<ReturnType<typeof play>>): readonly string[] =>
      result.sources.filter((_, index) => result.takes[index]?.take.bars.length === 2);
    expect(written(await play(0.9))).toEqual(["calm 0 model"]);
  });
});

describe("the trend of a signal", () => {
  const watch = (values: readonly number[]): number => {
    const trends = new Trends(["intensity"]);
    let signals: SignalState = createSignals(score().signals);
    for (const [index, value] of values.entries()) {
      const now = seconds(index / 2);
      ({ state: signals } = setSignal(signals, "intensity", value, now));
      trends.watch(signals, now);
    }
    return trends.of("intensity");
  };

  test("is half of what it moved within the last four seconds", () => {
    expect(watch(Array.from({ length: 20 }, (_, index) => index * 0.02))).toBeCloseTo(0.08);
    expect(watch(Array.from({ length: 20 }, () => 0.7))).toBe(0);
  });

  test("of a signal that is not known is none", () => {
    expect(new Trends([]).of("intensity")).toBe(0);
  });
});

describe("the budget", () => {
  const now = milliseconds(1000);
  const spend = (budget: Budget, cost: number, at = now): PhraseTake => {
    const written = take();
    budget.begin();
    budget.end({ at: milliseconds(at), cost, take: written });
    return written;
  };

  test("goes to what is likely where little of it is left", () => {
    const budget = new Budget();
    expect(budget.affords(0.1, now)).toBe(true);
    spend(budget, 6000);
    expect([0.1, 0.3, 0.5, 1].map((weight) => budget.affords(weight, now))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    spend(budget, 9000);
    expect(budget.affords(1, now)).toBe(false);
  });

  test("is free again for what is heard, and after five minutes", () => {
    const budget = new Budget();
    const heard = spend(budget, 15_000);
    expect(budget.affords(1, now)).toBe(false);
    budget.redeem(heard);
    budget.redeem(heard);
    expect(budget.affords(0.1, now)).toBe(true);
    expect(budget.totals).toEqual({ spent: 15_000, redeemed: 15_000 });
    spend(budget, 15_000);
    expect(budget.affords(1, milliseconds(now + 299_999))).toBe(false);
    expect(budget.affords(0.1, milliseconds(now + 300_001))).toBe(true);
  });

  test("counts what is on its way as what such a take usually costs", () => {
    const budget = new Budget();
    budget.redeem(spend(budget, 3000));
    for (const expected of [true, true, false]) {
      expect(budget.affords(0.4, now)).toBe(expected);
      budget.begin();
    }
    budget.end(undefined);
    budget.end(undefined);
    expect(budget.affords(0.4, now)).toBe(true);
  });
});
