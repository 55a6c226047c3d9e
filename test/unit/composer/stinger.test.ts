import { expect, test } from "vitest";
import { fitToChords } from "../../../engine/composer/stinger-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { midiPitch, ticks, velocity } from "../../../engine/time/units.ts";
import { barPlan } from "../../helpers/generator-fixtures.ts";

/** E1 in every stem, and C4. */
const take: PhraseTake = {
  source: "model",
  bars: [barPlan()],
  notes: perStem(() =>
    [28, 60].map((pitch, beat) => ({
      at: ticks(960 * beat),
      duration: ticks(960),
      pitch: midiPitch(pitch),
      velocity: velocity(90),
    })),
  ),
};

test.each([
  ["fifth degree, by the shorter way down", { root: 7, quality: "maj" }, [23, 55], [35, 55]],
  ["second degree, upwards", { root: 2, quality: "min" }, [29, 62], [29, 50]],
] as const)(
  "a stinger carried to the %s, keeps its bass between E1 and C4",
  (_, chord, others, bass) => {
    const { notes } = fitToChords(take, barPlan().key, () => chord);
    expect(notes.melody.map(({ pitch }) => pitch)).toEqual(others);
    expect(notes.bass.map(({ pitch }) => pitch)).toEqual(bass);
    expect(notes.drums).toEqual(take.notes.drums);
  },
);
