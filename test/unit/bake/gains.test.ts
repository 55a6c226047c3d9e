import { describe, expect, it } from "vitest";
import { steady, withRamp } from "../../../engine/audio/envelope.ts";
import { frames } from "../../../engine/time/units.ts";
import { gainsInto, isSteady } from "../../../integrations/cli/bake/gains.ts";

const ramp = withRamp(steady(1), { to: 0.5, from: frames(100), over: frames(100) });

function gainsFrom(envelope: typeof ramp, from: number, count: number): readonly number[] {
  const gains = new Float32Array(count);
  gainsInto(envelope, from, gains);
  return [...gains];
}

describe("the gains of an envelope", () => {
  it("are level before and after a ramp and on its line within", () => {
    expect(gainsFrom(ramp, 98, 4)).toEqual([1, 1, 1, expect.closeTo(0.995, 6)]);
    expect(gainsFrom(ramp, 150, 1)).toEqual([0.75]);
    expect(gainsFrom(ramp, 199, 3)).toEqual([expect.closeTo(0.505, 6), 0.5, 0.5]);
  });

  it("are the new value on the frame of a jump", () => {
    const jump = withRamp(steady(1), { to: 0, from: frames(5), over: frames(0) });
    expect(gainsFrom(jump, 4, 3)).toEqual([1, 0, 0]);
  });

  it("are not called steady in the midst of a ramp, wherever its ends lie", () => {
    expect(isSteady(ramp, 1, 0, 100)).toBe(true);
    expect(isSteady(ramp, 1, 110, 120)).toBe(false);
    expect(isSteady(ramp, 1, 300, 400)).toBe(false);
    expect(isSteady(ramp, 0.5, 300, 400)).toBe(true);
  });
});
