import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPump, type Dip } from "../../engine/audio/pump.ts";
import { frames, seconds } from "../../engine/time/units.ts";
import { gainsInto } from "../../integrations/cli/bake/gains.ts";
import { createOfflineAutomation } from "../../integrations/cli/bake/offline-automation.ts";
import { createTapeClock } from "../../integrations/cli/bake/tape-clock.ts";

/** 12 ms are 12 frames, 200 ms are 200. */
const RATE = 1000;

const dip = (at: number, to = 0.5): Dip => ({ at: seconds(at), to });

/** A pump, and what its gain is in every frame of two seconds. */
function pumping() {
  const clock = createTapeClock(RATE);
  const automation = createOfflineAutomation(clock, 1);
  const pump = createPump(automation, clock);
  const gains = (): number[] => {
    const out = new Float32Array(2 * RATE);
    gainsInto(automation.envelope, 0, out);
    return [...out];
  };
  return { pump, gains, moveTo: (frame: number) => clock.moveTo(frames(frame)) };
}

describe("a voice that gives way", () => {
  test("is down when the other comes in, and back 200 ms later, without a step", () => {
    const { pump, gains } = pumping();
    pump.add([dip(0.5)]);
    const heard = gains();
    expect(heard.slice(0, 489).every((gain) => gain === 1)).toBe(true);
    expect(heard[500]).toBeCloseTo(0.5, 6);
    expect(heard[600]).toBeCloseTo(0.75, 6);
    expect(heard.slice(700).every((gain) => gain === 1)).toBe(true);
    for (const [i, gain] of heard.entries()) {
      expect(Math.abs(gain - (heard[i - 1] ?? gain))).toBeLessThan(0.05);
    }
  });

  test("goes down again from where it is when the next comes before it is back", () => {
    const { pump, gains } = pumping();
    pump.add([dip(0.5), dip(0.6)]);
    const heard = gains();
    expect(heard[588]).toBeCloseTo(0.5 + (0.5 * 88) / 200, 5);
    expect(heard[600]).toBeCloseTo(0.5, 6);
    expect(heard[700]).toBeCloseTo(0.75, 6);
  });

  test("does the same whatever the order in which it is told of dips, or how often", () => {
    const dips = [dip(0.2), dip(0.5, 0.7), dip(0.55, 0.3), dip(1.4)];
    const wanted = pumping();
    wanted.pump.add(dips);
    fc.assert(
      fc.property(fc.shuffledSubarray([...dips, ...dips], { minLength: 8 }), (order) => {
        const { pump, gains } = pumping();
        for (const each of order) pump.add([each]);
        const told = gains();
        for (const [i, gain] of wanted.gains().entries()) expect(told[i]).toBeCloseTo(gain, 5);
      }),
      { numRuns: 20 },
    );
  });

  test("does not give way to what is not heard, from that moment on", () => {
    const { pump, gains, moveTo } = pumping();
    pump.add([dip(0.5), dip(1), dip(1.5)]);
    moveTo(300);
    pump.setDepth(0, seconds(0.9));
    expect(gains()[500]).toBeCloseTo(0.5, 6);
    expect(
      gains()
        .slice(900)
        .every((gain) => gain === 1),
    ).toBe(true);
    pump.setDepth(0.5, seconds(1.2));
    expect(gains()[1500]).toBeCloseTo(0.75, 6);
    pump.add([dip(1.75)]);
    expect(gains()[1750]).toBeCloseTo(0.75, 6);
  });

  test("comes back as it would have when its dips end while it is down", () => {
    const { pump, gains, moveTo } = pumping();
    pump.add([dip(0.5)]);
    moveTo(520);
    pump.setDepth(0, seconds(0.52));
    expect(gains()[600]).toBeCloseTo(0.75, 6);
  });

  test("ignores what is no dip", () => {
    const { pump, gains } = pumping();
    pump.add([dip(0.5, 1), dip(Number.NaN), dip(0.7, 3), dip(0.9, Number.NaN)]);
    pump.setDepth(Number.NaN, seconds(0));
    expect(gains().every((gain) => gain === 1)).toBe(true);
  });
});
