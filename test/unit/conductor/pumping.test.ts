import { describe, expect, test } from "vitest";
import { fitPhrase } from "../../../engine/bank/bank.ts";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import { createPhrase, partCount, type Phrase } from "../../../engine/conductor/phrase.ts";
import { dipsOf } from "../../../engine/conductor/pumping.ts";
import { decibels, gainOf, seconds, unitInterval, velocity } from "../../../engine/time/units.ts";
import { smallBank } from "../../helpers/bank.ts";
import { direct, sections } from "../../helpers/directing.ts";
import { mood, score } from "../../helpers/score.ts";
import { bareStage } from "../../helpers/stage.ts";

const played = score({
  moods: [mood("calm", { stems: { harmony: unitInterval(0), drums: unitInterval(0) } })],
  locations: [],
});
const [calm] = sections(direct([], 1, played));

/** Four bars at 60 bpm with a kick on every beat, on a palette whose pad gives way. */
function phraseAt(intensity: number, firm = 100): Phrase {
  const [first] = smallBank.phrases;
  if (calm === undefined || first === undefined) throw new Error("there is no section");
  const { mood: of, visit } = calm;
  const wish = { mood: of, visit, index: 0, intensity: unitInterval(intensity), seed: 1 };
  const planned = planPhrase(wish);
  const bars = planned.bars.map((bar) => ({ ...bar, intensity: wish.intensity }));
  const plan = { ...planned, bars };
  const phrase = createPhrase(calm, { index: 0 }, plan);
  const take = fitPhrase(first, plan);
  const drums = take.notes.drums.map((note) => ({ ...note, velocity: velocity(firm) }));
  return {
    ...phrase,
    setting: { ...phrase.setting, palette: "synthwave" },
    take: { ...take, notes: { ...take.notes, drums } },
  };
}

const most = decibels(-6);

describe("a pad gives way to the kick", () => {
  test("at every kick of a part, and each kick belongs to one part", () => {
    const phrase = phraseAt(1);
    expect(dipsOf(phrase, 0, most).map(({ at }) => at)).toEqual([0, 1]);
    const all = Array.from({ length: partCount(phrase) }, (_, part) => dipsOf(phrase, part, most));
    expect(all.flat().map(({ at }) => at)).toEqual(Array.from({ length: 16 }, (_, beat) => beat));
  });

  test("the deeper the more intense the music is, and not at all where it is still", () => {
    const depth = (intensity: number, firm?: number): number =>
      dipsOf(phraseAt(intensity, firm), 0, most)[0]?.to ?? Number.NaN;
    expect(depth(1)).toBeCloseTo(gainOf(decibels(-6)), 6);
    expect(depth(0.5)).toBeGreaterThan(depth(1));
    expect(depth(0)).toBe(1);
    expect(depth(1, 50)).toBeCloseTo(gainOf(decibels(-3)), 6);
    expect(depth(1, 127)).toBe(depth(1));
  });

  test("and to no other drum, to none that nobody plays, and not under a stinger", () => {
    const phrase = phraseAt(1);
    const { take, plan } = phrase;
    if (take === undefined) throw new Error("it has notes");
    const { drums } = take.notes;
    const [kick] = drums;
    if (kick === undefined) throw new Error("it has drums");
    const hat = { ...kick, pitch: 42 as typeof kick.pitch };
    const hats = { ...phrase, take: { ...take, notes: { ...take.notes, drums: [hat] } } };
    expect(dipsOf(hats, 0, most)).toEqual([]);
    const undrummed = { ...phrase, plan: { ...plan, stems: ["harmony"] as const } };
    expect(dipsOf(undrummed, 0, most)).toEqual([]);
    const bars = plan.bars.map((bar) => ({ ...bar, role: "stinger" as const }));
    expect(dipsOf({ ...phrase, plan: { ...plan, bars } }, 0, most)).toEqual([]);
    expect(dipsOf({ ...phrase, take: undefined }, 0, most)).toEqual([]);
  });
});

describe("the stage", () => {
  test("has the pad dip as it plays its parts, and the drums themselves not", async () => {
    const { stage, told, settle } = bareStage();
    stage.perform(phraseAt(1), seconds(0), seconds(1));
    await settle();
    const dips = told.filter((line) => line.startsWith("dip"));
    expect(dips).toHaveLength(1);
    expect(dips[0]).toMatch(/^dip 0:harmony 0 0\.\d+ 1 0\.\d+$/u);
  });

  test("gives way to drums as far as they are heard, from the moment on at which that changes", async () => {
    const { stage, told, settle } = bareStage();
    const layer = { kind: "layer", section: 0, stem: "drums", ramp: seconds(0) } as const;
    stage.setLevel({ ...layer, gain: unitInterval(0), at: seconds(0) }, seconds(0));
    stage.perform(phraseAt(1), seconds(0), seconds(1));
    await settle();
    stage.setLevel({ ...layer, gain: unitInterval(0.8), at: seconds(3) }, seconds(3));
    const depths = told.filter((line) => line.startsWith("depth 0:harmony"));
    expect(depths).toEqual(["depth 0:harmony 0 0", "depth 0:harmony 0.8 3"]);
  });
});
