import { describe, expect, test } from "vitest";
import { isActDone } from "../../../demo-game/game/acts.ts";
import { MAP, placeAt, START } from "../../../demo-game/game/map.ts";
import { goalOf, lanternsHeard, stillness } from "../../../demo-game/game/signals.ts";
import { newGame, type GameState } from "../../../demo-game/game/state.ts";
import { eastEnd } from "../../../demo-game/game/step.ts";
import { INPUT, kinds, play, type Walked } from "./walking.ts";

/** A game in which so many lanterns shine, at the next one, which has been seen. */
const at = (lanterns: number): GameState => ({
  ...newGame(),
  lanterns,
  sighted: lanterns + 1,
  at: placeAt(lanterns).lantern,
});

/** Goes to every token of the act, one after the other. */
function doAct(from: GameState): Walked {
  const walked: Walked[] = [{ state: from, happenings: [] }];
  for (const token of placeAt(from.lanterns).tokens) {
    const state = walked.at(-1)?.state ?? from;
    walked.push(play(state, 0.1, { at: token, speed: 4, gentle: true }));
  }
  return {
    state: { ...(walked.at(-1)?.state ?? from), at: placeAt(from.lanterns).lantern },
    happenings: walked.flatMap(({ happenings }) => happenings),
  };
}

describe("the acts", () => {
  test.each([0, 1, 2, 3])("place %i is done once each of its tokens was reached", (lanterns) => {
    const done = doAct(at(lanterns));
    const { tokens } = placeAt(lanterns);
    expect(kinds(done)).toEqual([...tokens.map(() => "token"), "act-done"]);
    expect(isActDone(done.state, INPUT.phrase)).toBe(true);
  });

  test("the crystals remember the order in which they were touched", () => {
    const [first, second, third] = placeAt(3).tokens;
    let state = at(3);
    for (const token of [third, first, second]) {
      if (token !== undefined) state = play(state, 0.1, { at: token }).state;
    }
    expect(state.act.order).toEqual([2, 0, 1]);
  });

  test("on the ridge one stands firm for a phrase, and loses it by walking off", () => {
    const half = play(at(4), 8);
    expect(kinds(half)).toEqual(["beset"]);
    const wavering = play(half.state, 3, { speed: 4 });
    expect(wavering.state.act.courage).toBeLessThan(3);
    const firm = play(half.state, 8.1);
    expect(kinds(firm)).toContain("act-done");
  });
});

describe("a lantern", () => {
  test("does not wake before its act is done", () => {
    const held = play(at(0), 5, { holding: true });
    expect(kinds(held)).not.toContain("kindled");
  });

  test("wants to be held, then lights by itself and opens the way", () => {
    const { state } = doAct(at(0));
    expect(kinds(play(state, 1, { holding: true }))).toEqual([]);
    const kindled = play(state, 1.3, { holding: true });
    expect(kinds(kindled)).toEqual(["kindled"]);
    const lit = play(kindled.state, 8);
    expect(kinds(lit)).toEqual(["about-to-light", "lit"]);
    expect(lit.state.lanterns).toBe(1);
    expect(eastEnd(lit.state)).toBeGreaterThan(eastEnd(state));
  });

  test("lights when the music says so, and counts for it a moment before", () => {
    const kindled = play(doAct(at(1)).state, 1.3, { holding: true });
    const before = play(kindled.state, 0.1, { lightsIn: 1 });
    expect(lanternsHeard(before.state)).toBe(2);
    expect(before.state.lanterns).toBe(1);
    expect(kinds(play(before.state, 0.1, { lightsIn: 0 }))).toEqual(["lit"]);
  });

  test("spreads its colour over two bars", () => {
    const kindled = play(doAct(at(0)).state, 1.3, { holding: true });
    const lit = play(kindled.state, 0.1, { lightsIn: 0 });
    expect(lit.state.spread).toBe(0);
    expect(play(lit.state, 4).state.spread).toBeCloseTo(0.5, 1);
    expect(play(lit.state, 8.1).state.spread).toBe(1);
  });

  test("the fifth brings the sun, and with it the end", () => {
    const brave = play(at(4), 16.2, { gentle: true });
    const kindled = play(brave.state, 1.3, { holding: true });
    const lit = play(kindled.state, 0.1, { lightsIn: 0 });
    expect(lit.state.lanterns).toBe(5);
    const risen = play(lit.state, 64.2);
    expect(kinds(risen)).toEqual(["home"]);
    expect(risen.state.dawn).toBe(1);
    expect(goalOf(risen.state, INPUT.phrase)).toBeUndefined();
  });
});

describe("the Hush", () => {
  /** In the wood, one owl found, the Hush beside the walker. */
  const beset: GameState = {
    ...play(at(1), 3, { at: placeAt(1).tokens[0] ?? START }).state,
    hush: { x: 5, z: 4.6, presence: 1, chasing: true },
    at: placeAt(1).lantern,
  };

  test("takes light, and at its end one wakes at the last lantern", () => {
    const walked = play(beset, 12);
    expect(kinds(walked)).toContain("fallen");
    expect(walked.happenings).toContainEqual({ kind: "fallen", back: placeAt(0).lantern });
  });

  test("what was reached stays reached after a fall", () => {
    expect(play(beset, 12).state.act.done).toEqual(beset.act.done);
  });

  test("keeps its distance and takes nothing where one asked it to be gentle", () => {
    const walked = play(beset, 12, { gentle: true });
    expect(walked.state.light).toBe(1);
    expect(kinds(walked)).toEqual([]);
  });

  test("takes nothing from whose hand is on the lantern", () => {
    const kindling = { held: 1, left: 5, announced: false };
    const walked = play({ ...beset, light: 0.1, kindling }, 2);
    expect(walked.state.light).toBeGreaterThanOrEqual(0.1);
  });

  test("stands still on the first half of a beat", () => {
    const far = { ...beset, hush: { ...beset.hush, x: 9 } };
    expect(play(far, 0.5, { phase: 0.2 }).state.hush.x).toBe(9);
    expect(play(far, 0.5, { phase: 0.7 }).state.hush.x).toBeLessThan(9);
  });

  test("lets who has just woken up be until more than half of the light is back", () => {
    const woken = { ...beset, light: 0.05, hush: { ...beset.hush, presence: 0, chasing: false } };
    expect(play(woken, 6).state.hush.presence).toBe(0);
    expect(play(woken, 12).state.hush.presence).toBeGreaterThan(0);
  });

  test("is gone once every lantern shines", () => {
    const over = { ...beset, lanterns: 5 };
    expect(play(over, 5).state.hush.presence).toBe(0);
  });
});

test("standing still counts after three seconds, and walking ends it", () => {
  expect(stillness(play(newGame(), 2.9).state)).toBe(0);
  expect(stillness(play(newGame(), 5.1).state)).toBe(1);
  expect(stillness(play(play(newGame(), 5.1).state, 0.1, { speed: 4 }).state)).toBe(0);
});

test("after a lantern has lit, standing still counts only a phrase later: its stem is to be heard", () => {
  const kindling = { held: 1.2, left: 5, announced: true };
  const lit = play({ ...at(1), kindling }, 0.1, { lightsIn: 0 });
  expect(stillness(play(lit.state, INPUT.phrase + 2.5).state)).toBe(0);
  expect(stillness(play(lit.state, INPUT.phrase + 5.5).state)).toBe(1);
});

test("every place has its lantern and its tokens within its borders", () => {
  for (const { west, east, lantern, tokens } of MAP) {
    for (const { x } of [lantern, ...tokens]) {
      expect(x).toBeGreaterThan(west);
      expect(x).toBeLessThan(east - 1);
    }
  }
});
