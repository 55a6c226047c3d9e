import { describe, expect, test } from "vitest";
import { planPhrase, type PhrasePlan } from "../../../engine/composer/phrase-plan.ts";
import { formOf, progressionOf } from "../../helpers/harmony.ts";
import { STEMS } from "../../../engine/music/stem.ts";
import { unitInterval } from "../../../engine/time/units.ts";
import { mood } from "../../helpers/score.ts";

type Request = Parameters<typeof planPhrase>[0];

const plan = (changes: Partial<Request> = {}): PhrasePlan =>
  planPhrase({
    mood: mood("calm"),
    visit: 0,
    index: 0,
    intensity: unitInterval(0.5),
    seed: 1,
    ...changes,
  });

const firsts = ({ bars }: PhrasePlan): readonly (number | undefined)[] =>
  bars.map(({ chords: [chord] }) => chord?.root);

const chordsOf = (bars: PhrasePlan["bars"]): readonly unknown[] => bars.map(({ chords }) => chords);

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

describe("a phrase", () => {
  test("takes its meter and length from the mood unless it is given another length", () => {
    const waltz = mood("calm", { meter: "3/4", phrase: 6 });
    expect(plan({ mood: waltz }).bars.map(({ meter }) => meter)).toEqual(Array(6).fill("3/4"));
    expect(plan({ mood: waltz, length: 2 }).bars).toHaveLength(2);
  });

  test("is as busy in each stem as the music of its style is, unless its mood says how busy it is", () => {
    const busyIn = (changes: Parameters<typeof mood>[1]): readonly unknown[] => {
      const { bars } = plan({ mood: mood("calm", changes), intensity: unitInterval(1) });
      return STEMS.map((stem) => bars[0]?.density[stem]);
    };
    const driving = busyIn({ arousal: unitInterval(1), style: "game-driving" });
    const song = busyIn({ arousal: unitInterval(1), style: "song" });
    expect(driving).toEqual([3, 3, 3, 4, 3]);
    expect(song).toEqual([3, 3, 4, 3, 3]);
    const { activity } = mood("calm", { activity: { bass: [[0, 2]] } });
    expect(busyIn({ arousal: unitInterval(1), style: "game-driving", activity })[3]).toBe(2);
  });

  test("that is cut short has the first chords of the whole one", () => {
    for (const seed of SEEDS) {
      expect(firsts(plan({ seed, length: 3 }))).toEqual(firsts(plan({ seed })).slice(0, 3));
    }
  });

  test("that is planned again has other notes on the same chords", () => {
    const again = plan({ attempt: 1 });
    expect(again.seed).not.toBe(plan().seed);
    expect(again.bars).toEqual(plan().bars);
    expect(plan({ attempt: 2 }).seed).not.toBe(again.seed);
  });

  test("of another visit is another tune", () => {
    const seeds = new Set([0, 1, 2, 3].map((visit) => plan({ visit }).seed));
    expect(seeds.size).toBe(4);
  });

  test("follows the form and the progression that its mood names", () => {
    const named = mood("calm", {
      form: formOf("A B"),
      progressions: [progressionOf("i VII", "dorian"), progressionOf("IV", "dorian")],
    });
    expect(firsts(plan({ mood: named, index: 0 }))).toEqual([0, 10, 0, 10]);
    expect(firsts(plan({ mood: named, index: 1 }))).toEqual([5, 5, 5, 5]);
    expect(firsts(plan({ mood: named, index: 2 }))).toEqual([0, 10, 0, 10]);
  });

  test("keeps the chords of the phrase that it varies, and says where it has its own", () => {
    const plans = Array.from({ length: 60 }, (_, index) => plan({ index, seed: 5 }));
    let changes = 0;
    for (const { origin, bars } of plans) {
      if (origin.kind !== "variation") continue;
      const source = plans[origin.of];
      const same = JSON.stringify(chordsOf(bars)) === JSON.stringify(chordsOf(source?.bars ?? []));
      expect(origin.harmony).toBe(same ? "kept" : "new");
      expect(origin.share.bass).toBe(same ? origin.share.melody / 2 : 1);
      if (!same) changes += 1;
    }
    expect(changes).toBeGreaterThan(1);
  });
});

describe("a phrase before a hit point", () => {
  test("comes home by the dominant side where it is to close", () => {
    for (const seed of SEEDS) {
      for (const index of [0, 2]) {
        const { bars } = plan({ seed, index, length: 3, ending: "cadence" });
        expect(bars.at(-1)?.role).toBe("ending");
        expect(bars.at(-1)?.chords.map((chord) => chord?.root)).toEqual([0, 0]);
        expect(bars.at(-2)?.chords[1]?.root).toBe(7);
      }
    }
  });

  test("comes home from wherever the mood's own progression has gone", () => {
    const own = mood("calm", { progressions: [progressionOf("iv VI", "aeolian")] });
    const bars = plan({ mood: own, ending: "cadence" }).bars;
    expect(bars.map(({ chords }) => chords[1]?.root)).toEqual([5, 8, 5, 0]);
  });

  test("ends with a fill where it is to break off, whatever its place in the form", () => {
    expect(plan().bars.at(-1)?.role).toBe("A");
    expect(plan({ ending: "fill" }).bars.at(-1)?.role).toBe("fill");
  });

  test("rises bar by bar, by its strength", () => {
    const intensities = (strength: number): readonly number[] =>
      plan({ ending: "fill", strength: unitInterval(strength) }).bars.map(
        ({ intensity }) => intensity,
      );
    const flat = plan().bars.map(({ intensity }) => intensity);
    const rises = intensities(1).map((intensity, bar) => intensity - (flat[bar] ?? 0));
    expect(rises.map((rise) => Math.round(rise * 100))).toEqual([10, 20, 30, 40]);
    expect(intensities(0)).toEqual(flat);
  });

  test("has no rest", () => {
    for (const seed of SEEDS) {
      const { bars } = plan({ seed, index: 1, intensity: unitInterval(0.7), ending: "fill" });
      for (const { density } of bars) expect(Object.values(density)).not.toContain(0);
    }
  });
});

describe("activity", () => {
  const busy = (intensity: number): readonly unknown[] =>
    plan({
      mood: mood("calm", {
        activity: {
          drums: [
            [0.2, 0],
            [0.6, 4],
          ],
        },
      }),
      intensity: unitInterval(intensity),
    }).bars.map(({ density }) => density.drums);

  test("follows the mood's curve over the intensity of the game", () => {
    expect(busy(0.1)).toEqual([0, 0, 0, 0]);
    expect(busy(0.4)).toEqual([2, 2, 2, 2]);
    expect(busy(1)).toEqual([4, 4, 4, 4]);
  });

  test("of nothing leaves one stem, for no bar is silent as a whole", () => {
    const none = [[0, 0]] as const;
    const silent = { melody: none, counter: none, harmony: none, bass: none, drums: none };
    const { bars } = plan({ mood: mood("calm", { activity: silent }) });
    for (const { density } of bars) {
      expect(density).toEqual({ melody: 0, counter: 0, harmony: 1, bass: 0, drums: 0 });
    }
  });
});

describe("rests", () => {
  const all = mood("calm", {
    stems: {
      melody: unitInterval(0),
      counter: unitInterval(0),
      harmony: unitInterval(0),
      bass: unitInterval(0),
      drums: unitInterval(0),
    },
  });
  const resting = ({ bars }: PhrasePlan): boolean =>
    bars.some(({ density }) => Object.values(density).includes(0));
  const share = (intensity: number): number =>
    SEEDS.flatMap((seed) =>
      [1, 2, 3, 4, 5].filter((index) =>
        resting(plan({ mood: all, seed, index, intensity: unitInterval(intensity) })),
      ),
    ).length / 200;

  test("are more frequent in calm music", () => {
    expect(share(0)).toBeGreaterThan(0.4);
    expect(share(1)).toBeLessThan(0.25);
    expect(share(1)).toBeGreaterThan(0.05);
  });

  test("never come in the first phrase", () => {
    for (const seed of SEEDS) expect(resting(plan({ mood: all, seed }))).toBe(false);
  });

  test("leave the melody of a phrase that is to come back", () => {
    for (const seed of SEEDS) {
      for (const index of [2, 3, 4]) {
        const { bars } = plan({ mood: all, seed, index, intensity: unitInterval(0) });
        for (const { density } of bars) expect(density.melody).toBeGreaterThan(0);
      }
    }
  });

  test("are of another stem than in the phrase before", () => {
    let rests = 0;
    for (const seed of SEEDS) {
      let before: readonly string[] = [];
      for (let index = 1; index < 12; index += 1) {
        const { bars } = plan({ mood: all, seed, index, intensity: unitInterval(0) });
        const now = STEMS.filter((stem) => bars.some(({ density }) => density[stem] === 0));
        expect(now.filter((stem) => before.includes(stem))).toEqual([]);
        rests += now.length;
        before = now;
      }
    }
    expect(rests).toBeGreaterThan(SEEDS.length * 3);
  });

  test("leave the fill", () => {
    let drumless = 0;
    for (const seed of SEEDS) {
      const { bars } = plan({ mood: all, seed, index: 1, intensity: unitInterval(0) });
      if (bars.some(({ density }) => density.drums === 0)) drumless += 1;
      expect(bars.at(-1)?.role).toBe("fill");
      expect(bars.at(-1)?.density.drums).toBeGreaterThan(0);
    }
    expect(drumless).toBeGreaterThan(0);
  });

  test("do not come where few stems are heard", () => {
    const few = mood("calm", {
      stems: { melody: unitInterval(0), harmony: unitInterval(0), bass: unitInterval(0.9) },
    });
    for (const seed of SEEDS) {
      const { bars } = plan({ mood: few, seed, index: 1, intensity: unitInterval(0.2) });
      for (const { density } of bars) {
        expect([density.melody, density.harmony, density.bass]).not.toContain(0);
      }
    }
  });
});
