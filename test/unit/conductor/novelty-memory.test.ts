import { describe, expect, test } from "vitest";
import { planPhrase, type PhrasePlan } from "../../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../../engine/composer/take.ts";
import { NoveltyMemory } from "../../../engine/conductor/novelty-memory.ts";
import type { Commission } from "../../../engine/conductor/repertoire.ts";
import { perStem } from "../../../engine/music/stem.ts";
import { carried } from "../../../engine/theme/carry.ts";
import { midiPitch, seconds, ticks, unitInterval, velocity } from "../../../engine/time/units.ts";
import { mood } from "../../helpers/score.ts";
import { themeOf } from "../../helpers/theme.ts";

const KEY = { tonic: 2, mode: "dorian" } as const;
const hero = carried(themeOf("D4 1/4, F4 1/4, G4 1/4, A4 1/4 | C5 1/2, A4 1/2", KEY));

/** The first phrase of a tune, which states the theme where there are bounds for it. */
function planned(likeness?: readonly [number, number]): PhrasePlan {
  const [low, high] = likeness ?? [];
  const theme =
    low === undefined || high === undefined
      ? undefined
      : {
          name: "hero",
          likeness: [unitInterval(low), unitInterval(high)] as const,
          register: 0,
          density: "all" as const,
        };
  return planPhrase({
    mood: mood("calm", { key: KEY, theme }),
    visit: 0,
    index: 0,
    intensity: unitInterval(0.5),
    seed: 1,
    ...(theme && { theme: hero }),
  });
}

const commission = (plan: PhrasePlan): Commission => ({
  id: "a",
  mood: "calm",
  isPhrase: true,
  plan,
  surroundings: { before: undefined, after: undefined, original: undefined },
  dueIn: seconds(8),
  priority: 2,
});

/** Four bars of quarters that leap by some semitones. */
function tune(leap: number): PhraseTake {
  const melody = Array.from({ length: 16 }, (_, note) => ({
    at: ticks(note * 960),
    duration: ticks(960),
    pitch: midiPitch(60 + ((note * leap) % 13)),
    velocity: velocity(80),
  }));
  return {
    source: "model",
    bars: planned().bars,
    notes: perStem((stem) => (stem === "melody" ? melody : [])),
  };
}

/** What comes of a phrase that a model answers with these takes, one after the other. */
async function written(
  answers: readonly (PhraseTake | undefined)[],
  plan: PhrasePlan,
  { heard = [] as readonly PhraseTake[], hasTime = true } = {},
) {
  const memory = new NoveltyMemory();
  for (const take of heard) memory.remember(take);
  const asked: Commission[] = [];
  const setAside: PhraseTake[] = [];
  const model = {
    write: (each: Commission) => Promise.resolve(answers[asked.push(each) - 1]),
    setAside: (take: PhraseTake) => setAside.push(take),
  };
  const take = await memory.write(model, commission(plan), () => hasTime);
  return { take, asked, setAside };
}

describe("a phrase that is written", () => {
  test("is written once more, with other notes and in half the time, where most of it was heard", async () => {
    const answers = [tune(5), tune(5), tune(7)];
    const { take, asked, setAside } = await written(answers, planned(), { heard: [tune(5)] });
    expect(take).toBe(answers[1]);
    expect(setAside).toEqual([answers[0]]);
    expect(asked.map(({ dueIn }) => dueIn)).toEqual([8, 4]);
    expect(asked[1]?.plan).toEqual({ ...planned(), seed: asked[1]?.plan.seed });
    expect(asked[1]?.plan.seed).not.toBe(planned().seed);
  });

  test("stays what it is where it is new, where no time is left, and where no other comes", async () => {
    const heard = [tune(5)];
    const fresh = await written([tune(7)], planned(), { heard });
    expect([fresh.take, fresh.asked.length]).toEqual([tune(7), 1]);
    const late = await written([tune(5), tune(7)], planned(), { heard, hasTime: false });
    expect([late.take, late.asked.length]).toEqual([tune(5), 1]);
    const alone = await written([tune(5), undefined], planned(), { heard });
    expect([alone.take, alone.asked.length, alone.setAside]).toEqual([tune(5), 2, []]);
    expect((await written([undefined], planned(), { heard })).take).toBeUndefined();
  });

  test("is written once more, as far from its theme as it may be, where it is more like it than that", async () => {
    const plan = planned([0.3, 0.6]);
    const melody = plan.theme?.melody ?? [];
    const same = { ...tune(7), notes: perStem((stem) => (stem === "melody" ? melody : [])) };
    expect(plan.origin).toMatchObject({ kind: "theme", change: expect.closeTo(0.55) });
    const { take, asked } = await written([same, tune(7)], plan);
    expect(take).toEqual(tune(7));
    expect(asked[1]?.plan.origin).toMatchObject({ kind: "theme", change: expect.closeTo(0.7) });
    const free = await written([same, tune(7)], planned([0.6, 1]), { heard: [same] });
    expect([free.take, free.asked.length]).toEqual([same, 1]);
  });
});
