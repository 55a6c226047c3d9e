import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignalSpec } from "../../engine/score/score.ts";
import {
  createSignals,
  readNormalised,
  readSignal,
  setSignal,
  type SignalState,
} from "../../engine/signals/signals.ts";
import { seconds } from "../../engine/time/units.ts";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const timeConstant = fc.oneof(fc.constant(0), number(0.001, 30)).map(seconds);

const specs: fc.Arbitrary<SignalSpec> = fc
  .record({
    low: number(-1e6, 1e6),
    span: number(1e-3, 1e6),
    share: number(0, 1),
    attack: timeConstant,
    release: timeConstant,
  })
  .map(({ low, span, share, attack, release }) => ({
    range: [low, low + span] as const,
    initial: Math.min(low + span, low + share * span),
    attack,
    release,
    curve: [],
    deadBand: 0,
  }));

interface SetEvent {
  readonly time: number;
  readonly value: number;
}

const events = fc
  .array(fc.record({ time: number(0, 100), value: number(-1e6, 2e6) }), { maxLength: 30 })
  .map((list): readonly SetEvent[] => list.toSorted((a, b) => a.time - b.time));

const play = (state: SignalState, list: readonly SetEvent[]): SignalState =>
  list.reduce(
    (before, { time, value }) => setSignal(before, "x", value, seconds(time)).state,
    state,
  );

describe("signals", () => {
  it("come out the same, to the last bit, on any reading schedule", () => {
    fc.assert(
      fc.property(
        specs,
        events,
        fc.array(number(0, 120), { maxLength: 20 }),
        number(0, 120),
        (spec, list, readings, time) => {
          const quiet = play(createSignals({ x: spec }), list);
          let busy = createSignals({ x: spec });
          for (const event of list) {
            for (const reading of readings) {
              readSignal(busy, "x", seconds(reading));
              readNormalised(busy, "x", seconds(reading));
            }
            busy = play(busy, [event]);
          }
          expect(readSignal(busy, "x", seconds(time))).toBe(readSignal(quiet, "x", seconds(time)));
        },
      ),
    );
  });

  it("come out the same, to the last bit, however often a value is set again", () => {
    fc.assert(
      fc.property(specs, events, fc.integer({ min: 1, max: 240 }), (spec, list, rate) => {
        const once = play(createSignals({ x: spec }), list);
        const everyFrame = list.flatMap((event, index) => {
          const until = list[index + 1]?.time ?? event.time + 1;
          const frames = Math.min(20, Math.floor((until - event.time) * rate));
          const again = Array.from({ length: frames }, (_, frame) => ({
            time: event.time + frame / rate,
            value: event.value,
          }));
          return [event, ...again];
        });
        expect(play(createSignals({ x: spec }), everyFrame)).toEqual(once);
      }),
    );
  });

  it("agree with a one-pole filter stepped in small steps", () => {
    fc.assert(
      fc.property(specs, events, (spec, list) => {
        const [low, high] = spec.range;
        let state = createSignals({ x: spec });
        let stepped = spec.initial;
        let target = spec.initial;
        let now = 0;
        const stepTo = (time: number): void => {
          const steps = 50;
          for (let step = 0; step < steps; step += 1) {
            const constant = target > stepped ? spec.attack : spec.release;
            const kept = constant > 0 ? Math.exp(-(time - now) / steps / constant) : 0;
            stepped = target + (stepped - target) * kept;
          }
          now = time;
        };
        for (const event of [...list, { time: 120, value: 0 }]) {
          stepTo(event.time);
          const error = Math.abs(readSignal(state, "x", seconds(event.time)) - stepped);
          // The last thousandth of the way is cut short.
          expect(error).toBeLessThanOrEqual(0.002 * (high - low) + 1e-6);
          state = play(state, [event]);
          target = Math.max(low, Math.min(high, event.value));
          stepped = readSignal(state, "x", seconds(event.time));
        }
      }),
    );
  });

  it("stay within their range and move towards their target alone, for any values and times", () => {
    const wild = fc.array(fc.record({ time: fc.double(), value: fc.double() }), { maxLength: 20 });
    fc.assert(
      fc.property(specs, wild, number(0, 50), number(0, 50), (spec, list, from, span) => {
        const [low, high] = spec.range;
        const state = play(createSignals({ x: spec }), list);
        const target = state.get("x")?.target ?? Number.NaN;
        const early = readSignal(state, "x", seconds(from));
        const late = readSignal(state, "x", seconds(from + span));
        for (const value of [early, late]) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
        expect(Math.abs(late - target)).toBeLessThanOrEqual(Math.abs(early - target));
        const normalised = readNormalised(state, "x", seconds(from));
        expect(normalised).toBeGreaterThanOrEqual(0);
        expect(normalised).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never throw, whatever is set under whatever name", () => {
    const anyName = fc.oneof(fc.string(), fc.constantFrom("x", "__proto__", "constructor"));
    fc.assert(
      fc.property(anyName, fc.anything(), fc.double(), (name, value, time) => {
        const state = createSignals({
          x: {
            range: [0, 1],
            initial: 0,
            attack: seconds(1),
            release: seconds(1),
            curve: [],
            deadBand: 0,
          },
        });
        const next = setSignal(state, name, value, seconds(time));
        expect(next.state.size).toBe(1);
        expect(Number.isFinite(readSignal(next.state, name, seconds(time)))).toBe(true);
      }),
    );
  });
});
