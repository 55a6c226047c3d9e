import { describe, expect, it } from "vitest";
import type { SignalSpec } from "../../../engine/score/score.ts";
import {
  createSignals,
  readNormalised,
  readSignal,
  setSignal,
  type SignalState,
} from "../../../engine/signals/signals.ts";
import { seconds } from "../../../engine/time/units.ts";

const spec = (changes: Partial<SignalSpec> = {}): SignalSpec => ({
  range: [0, 1],
  initial: 0,
  attack: seconds(1),
  release: seconds(2),
  curve: [],
  deadBand: 0,
  ...changes,
});

const at = seconds;

/** Applies `[time, value]` events to a signal named `x`. */
const after = (
  state: SignalState,
  ...events: readonly (readonly [time: number, value: unknown])[]
): SignalState =>
  events.reduce((before, [time, value]) => setSignal(before, "x", value, at(time)).state, state);

describe("a signal", () => {
  it("rests at its initial value until it is set", () => {
    const state = createSignals({ x: spec({ initial: 0.3 }) });
    expect([0, 5, 1e6].map((time) => readSignal(state, "x", at(time)))).toEqual([0.3, 0.3, 0.3]);
  });

  it("does 63 % of a rise in its attack and of a fall in its release", () => {
    const risen = after(createSignals({ x: spec() }), [10, 1]);
    expect(readSignal(risen, "x", at(10))).toBe(0);
    expect(readSignal(risen, "x", at(11))).toBeCloseTo(1 - Math.exp(-1), 12);
    const fallen = after(createSignals({ x: spec({ initial: 1 }) }), [10, 0]);
    expect(readSignal(fallen, "x", at(11))).toBeCloseTo(Math.exp(-1 / 2), 12);
    expect(readSignal(fallen, "x", at(12))).toBeCloseTo(Math.exp(-1), 12);
  });

  it("arrives after seven time constants, so that a rule may wait for a bound", () => {
    const state = after(createSignals({ x: spec() }), [0, 1]);
    expect(readSignal(state, "x", at(6.999))).toBeLessThan(1);
    expect(readSignal(state, "x", at(7))).toBe(1);
  });

  it("follows at once with a time constant of 0, upwards and downwards alone", () => {
    const up = after(createSignals({ x: spec({ attack: seconds(0) }) }), [3, 0.8]);
    expect(readSignal(up, "x", at(3))).toBe(0.8);
    const falling = after(up, [3, 0]);
    expect(readSignal(falling, "x", at(3))).toBe(0.8);
    expect(readSignal(falling, "x", at(5))).toBeCloseTo(0.8 * Math.exp(-1), 12);
  });

  it("stands for what its curve says, level beyond the curve's ends", () => {
    const curve = [
      [0.2, 0],
      [0.6, 0.8],
      [0.8, 1],
    ] as const;
    const bent = (value: number): number => {
      const still = { attack: seconds(0), release: seconds(0) };
      const state = after(createSignals({ x: spec({ ...still, curve }) }), [1, value]);
      return readSignal(state, "x", at(2));
    };
    const found = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 1].map(bent).map((value) => value.toFixed(6));
    expect(found.map(Number)).toEqual([0, 0, 0.4, 0.8, 0.9, 1, 1]);
  });

  it("rests where its curve takes the initial value", () => {
    const curve = [
      [0, 0.5],
      [1, 1],
    ] as const;
    const state = createSignals({ x: spec({ curve }) });
    expect(readSignal(state, "x", at(1))).toBe(0.5);
  });

  it("ignores changes within its dead band, but not the ends of its range", () => {
    const start = createSignals({ x: spec({ deadBand: 0.1, attack: seconds(0) }) });
    const held = after(start, [1, 0.5], [2, 0.59]);
    expect(readSignal(held, "x", at(9))).toBe(0.5);
    expect(readSignal(after(held, [3, 0.65]), "x", at(9))).toBe(0.65);
    expect(readSignal(after(start, [1, 0.95], [2, 1]), "x", at(9))).toBe(1);
  });

  it("turns round in mid-flight without a jump", () => {
    const rising = after(createSignals({ x: spec() }), [0, 1]);
    const before = readSignal(rising, "x", at(1));
    const turned = after(rising, [1, 0]);
    expect(readSignal(turned, "x", at(1))).toBe(before);
    expect(readSignal(turned, "x", at(1.001))).toBeLessThan(before);
  });

  it("keeps the last of two values set at the same time", () => {
    const state = after(createSignals({ x: spec({ attack: seconds(0) }) }), [1, 0.2], [1, 0.9]);
    expect(readSignal(state, "x", at(1))).toBe(0.9);
  });

  it("takes an event from before its last change as one at that change", () => {
    const late = after(createSignals({ x: spec() }), [5, 1], [2, 0.4]);
    const inOrder = after(createSignals({ x: spec() }), [5, 1], [5, 0.4]);
    expect(late).toEqual(inOrder);
  });

  it("takes an event without a time as one at its last change", () => {
    const base = after(createSignals({ x: spec() }), [5, 1]);
    for (const time of [Number.NaN, Infinity, -Infinity]) {
      expect(after(base, [time, 0.4])).toEqual(after(base, [5, 0.4]));
    }
  });

  it("is read in its own range, and normalised from 0 to 1", () => {
    const state = createSignals({ x: spec({ range: [-50, 150], initial: 0 }) });
    expect(readSignal(state, "x", at(0))).toBe(0);
    expect(readNormalised(state, "x", at(0))).toBe(0.25);
  });
});

describe("setSignal", () => {
  const state = createSignals({ x: spec() });

  it.each([Number.NaN, Infinity, -Infinity, "0.5", "cave", null, undefined, {}, [1], true, 1n])(
    "ignores %s and says that it is no number",
    (value) => {
      expect(setSignal(state, "x", value, at(1))).toEqual({ state, problem: "not-a-number" });
    },
  );

  it("clamps what is out of range and says so", () => {
    const over = setSignal(state, "x", 7, at(1));
    expect(over.problem).toBe("out-of-range");
    expect(over.state).toEqual(setSignal(state, "x", 1, at(1)).state);
    expect(setSignal(state, "x", -1, at(1))).toEqual({ state, problem: "out-of-range" });
  });

  it.each(["y", "", "__proto__", "constructor", "toString", "hasOwnProperty"])(
    "ignores the unknown name %j and says so",
    (name) => {
      const result = setSignal(state, name, 1, at(1));
      expect(result).toEqual({ state, problem: "unknown-signal" });
      expect(result.state).toBe(state);
      expect(readSignal(state, name, at(1))).toBe(0);
      expect(readNormalised(state, name, at(1))).toBe(0);
    },
  );

  it("says nothing of a value that is right", () => {
    expect(setSignal(state, "x", 0.5, at(1)).problem).toBeUndefined();
  });

  it("gives the same state back when the value has not changed", () => {
    const set = after(state, [1, 0.5]);
    expect(after(set, [2, 0.5])).toBe(set);
  });

  it("leaves the old state and the other signals alone", () => {
    const two = createSignals({ x: spec(), y: spec({ initial: 0.5 }) });
    const set = after(two, [0, 1]);
    expect(readSignal(two, "x", at(9))).toBe(0);
    expect(readSignal(set, "y", at(9))).toBe(0.5);
  });

  it("keeps no more than one anchor for each signal, however often it is set", () => {
    let busy = state;
    for (let tick = 0; tick < 5000; tick += 1) busy = after(busy, [tick / 60, Math.sin(tick)]);
    expect(JSON.stringify([...busy]).length).toBeLessThan(300);
  });
});
