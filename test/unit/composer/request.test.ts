import { describe, expect, test } from "vitest";
import { planBridge } from "../../../engine/composer/bridge-plan.ts";
import { planPhrase } from "../../../engine/composer/phrase-plan.ts";
import { requestFor, writtenStems } from "../../../engine/composer/request.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { chordTones } from "../../../engine/music/chord.ts";
import { perStem } from "../../../engine/music/stem.ts";
import type { Mood } from "../../../engine/score/score.ts";
import {
  midiPitch,
  milliseconds,
  ticks,
  unitInterval,
  velocity,
} from "../../../engine/time/units.ts";
import { mood } from "../../helpers/score.ts";

const TERMS = { id: "bridge", deadline: milliseconds(0), priority: 0, passes: 8 };
const intensity = unitInterval(0.5);

/** A take of a mood with one note a stem. */
function takeOf(of: Mood): PhraseTake {
  const { bars } = planPhrase({ mood: of, visit: 0, index: 0, intensity, seed: 1 });
  const note = {
    at: ticks(0),
    duration: ticks(960),
    pitch: midiPitch(60),
    velocity: velocity(80),
  };
  return { source: "model", bars, notes: perStem(() => [note]) };
}

const calm = mood("calm");
const far = mood("far", { key: { tonic: 9, mode: "aeolian" } });
const waltz = mood("waltz", { meter: "3/4" });
const bridgeTo = (to: Mood) =>
  requestFor(
    planBridge({ from: calm, to, bars: 2, intensity, seed: 1 }),
    { before: takeOf(calm), after: takeOf(to), original: undefined },
    TERMS,
  );

describe("a stem that plays an authored take", () => {
  test("is absent for the model, before the phrase too, and keeps its density in the plan", () => {
    const terms = { mood: calm, visit: 0, index: 1, intensity, seed: 1 };
    const plan = planPhrase({ ...terms, authored: ["drums"] });
    expect(plan.bars).toEqual(planPhrase(terms).bars);
    expect(plan.stems).toContain("drums");
    expect(plan.bars.some(({ density }) => density.drums !== 0)).toBe(true);
    const { mask } = requestFor(
      plan,
      { before: takeOf(calm), after: undefined, original: undefined },
      TERMS,
    );
    expect(mask).toHaveLength(8);
    for (const bar of mask) expect(bar.drums).toBe("absent");
    for (const bar of mask) expect(bar.bass).not.toBe("absent");
  });

  test("is no reason to ask the model where no other stem is in play", () => {
    const drums = mood("drums", { stems: { drums: unitInterval(0) } });
    const terms = { mood: drums, visit: 0, index: 0, intensity, seed: 1 };
    expect(writtenStems(planPhrase(terms))).toEqual(["drums"]);
    expect(writtenStems(planPhrase({ ...terms, authored: ["drums"] }))).toEqual([]);
  });
});

describe("a bridge to another key", () => {
  test("is asked for in one key, with what follows carried into it", () => {
    const { bars, mask, given } = bridgeTo(far);
    expect(bars).toHaveLength(4 + 2 + 4);
    expect(mask).toHaveLength(10);
    expect(new Set(bars.map(({ key }) => JSON.stringify(key)))).toEqual(
      new Set([JSON.stringify(calm.key)]),
    );
    const tonic = takeOf(far).bars[0]?.chords[0];
    const carried = bars[6]?.chords[0];
    if (tonic === undefined || carried === undefined) throw new Error("a bar has no chord");
    expect(chordTones(carried, calm.key)).toEqual(chordTones(tonic, far.key));
    expect(given.melody.map(({ at }) => at / 3840)).toEqual([0, 6]);
  });

  test("goes over to the key that comes with its last bar, and what follows is in it", () => {
    const keys = bridgeTo(far).bars.map(({ modulatedTo }) => modulatedTo);
    expect(keys).toEqual([
      ...Array.from({ length: 5 }),
      ...Array.from({ length: 5 }, () => far.key),
    ]);
    const same = bridgeTo(mood("other")).bars.map(({ modulatedTo }) => modulatedTo);
    expect(same).toEqual(Array.from({ length: 10 }));
    const long = planBridge({ from: calm, to: far, bars: 4, intensity, seed: 1 }).bars;
    expect(long.map(({ modulatedTo }) => modulatedTo)).toEqual([
      undefined,
      undefined,
      far.key,
      far.key,
    ]);
  });

  test("in another meter is asked for without what follows, for a window has one meter", () => {
    const { bars, mask, given } = bridgeTo(waltz);
    expect(bars).toHaveLength(6);
    expect(mask).toHaveLength(6);
    expect(given.melody.map(({ at }) => at)).toEqual([0]);
  });
});
