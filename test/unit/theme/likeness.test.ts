import { describe, expect, it } from "vitest";
import type { Key } from "../../../engine/music/key.ts";
import { likeness } from "../../../engine/theme/likeness.ts";
import { themeOf } from "../../helpers/theme.ts";

const KEY: Key = { tonic: 2, mode: "dorian" };
const notes = (text: string) => themeOf(text, KEY).melody;
const HERO = notes("D4 1/4, F4 1/8, G4 1/8, A4 1/2 | G4 1/2, D4 1/2");

describe("likeness", () => {
  it("of a theme to itself in another register is 1", () => {
    const higher = notes("D5 1/4, F5 1/8, G5 1/8, A5 1/2 | G5 1/2, D5 1/2");
    const { onsetsKept, contour } = likeness(HERO, higher, "4/4");
    expect(onsetsKept).toBe(1);
    expect(contour).toBeCloseTo(1, 12);
  });

  it("counts the onsets that are kept, not those that are new", () => {
    const other = notes("D4 1/4, F4 1/4, A4 1/4, A4 1/4 | r 1/4, G4 3/4");
    // 0, 4 and 8 of 0, 4, 6, 8, 16 and 24.
    expect(likeness(HERO, other, "4/4").onsetsKept).toBeCloseTo(3 / 6);
  });

  it("does not keep an onset in another bar", () => {
    const late = notes("r 1/1 | D4 1/4, F4 1/8, G4 1/8, A4 1/2");
    // Only those of bar 1: 16 and 24.
    expect(likeness(HERO, late, "4/4").onsetsKept).toBeCloseTo(2 / 6);
  });

  it("is 0 where a line runs against the theme, is silent or stays on one pitch", () => {
    const against = notes("A4 1/4, F4 1/8, E4 1/8, D4 1/2 | E4 1/2, A4 1/2");
    expect(likeness(HERO, against, "4/4").contour).toBe(0);
    expect(likeness(HERO, [], "4/4")).toEqual({ onsetsKept: 0, contour: 0 });
    expect(likeness(HERO, notes("D4 2/1"), "4/4").contour).toBe(0);
  });

  it("is 1 where both stay on one pitch", () => {
    expect(likeness(notes("D4 1/1"), notes("r 1/4, F4 3/4"), "4/4").contour).toBe(1);
  });

  it("correlates the pitches in force slot by slot", () => {
    // numpy.corrcoef of 4 × 62, 4 × 65, 8 × 69 and 8 × 62, 8 × 65.
    const theme = notes("D4 1/4, F4 1/4, A4 1/2");
    const other = notes("D4 1/2, F4 1/2");
    expect(likeness(theme, other, "4/4").contour).toBeCloseTo(0.93301, 5);
  });
});
