import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameOfBlend, readBlend } from "../../../engine/music/blend.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { PALETTE_NAMES, paletteNamed } from "../../../engine/renderer-worker/palettes.ts";

const lenderOf = (name: string) => {
  const { voices } = paletteNamed(name);
  return STEMS.map((stem) =>
    PALETTE_NAMES.find((each) => paletteNamed(each).voices[stem] === voices[stem]),
  );
};

describe("a blend of two palettes", () => {
  test("is called by the heavier one first, and by the first of two that weigh the same", () => {
    expect(nameOfBlend(["plucked", "wooden"])).toBe("plucked + 50% wooden");
    expect(nameOfBlend(["plucked", "wooden"], [0.6, 0.4])).toBe("plucked + 40% wooden");
    expect(nameOfBlend(["plucked", "wooden"], [0.1, 0.3])).toBe("wooden + 25% plucked");
    expect(nameOfBlend(["plucked", "wooden"], [1, 1e-9])).toBe("plucked + 1% wooden");
  });

  test("is read back from what it is called, and no palette is taken for one", () => {
    expect(readBlend("plucked + 40% wooden")).toEqual({
      first: "plucked",
      second: "wooden",
      share: 0.4,
    });
    for (const name of PALETTE_NAMES) expect(readBlend(name)).toBeUndefined();
    const weight = fc.double({ min: 1e-6, max: 1, noNaN: true });
    fc.assert(
      fc.property(weight, weight, (one, other) => {
        const blend = readBlend(nameOfBlend(["glass", "dark"], [one, other]));
        expect(blend?.first).toBe(other > one ? "dark" : "glass");
        expect(blend?.share).toBeGreaterThan(0);
        expect(blend?.share).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test("has lead and ground from the first, the answer from the second, and from 0.3 on its chords", () => {
    const [a, b] = ["synthwave", "dark"];
    expect(lenderOf("synthwave + 20% dark")).toEqual([a, b, a, a, a]);
    expect(lenderOf("synthwave + 30% dark")).toEqual([a, b, b, a, a]);
    expect(lenderOf("synthwave + 50% dark")).toEqual([a, b, b, a, a]);
  });

  test("has a room by weight", () => {
    const [dry, wet] = [paletteNamed("chiptune").reverb, paletteNamed("dark").reverb];
    const { reverb, name } = paletteNamed("chiptune + 25% dark");
    expect(name).toBe("chiptune + 25% dark");
    expect(reverb).toBeCloseTo(0.75 * dry + 0.25 * wet, 6);
  });
});
