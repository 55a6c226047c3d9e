import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createNovelty,
  familiarity,
  remember,
  type Novelty,
} from "../../engine/composer/novelty.ts";
import { planPhrase, type PhrasePlan } from "../../engine/composer/phrase-plan.ts";
import type { PhraseTake } from "../../engine/composer/take.ts";
import { CHORD_QUALITIES } from "../../engine/music/chord.ts";
import { FORM_LETTERS, type Form } from "../../engine/music/form.ts";
import { MODES } from "../../engine/music/key.ts";
import type { Progression } from "../../engine/music/roman.ts";
import { STEMS, perStem } from "../../engine/music/stem.ts";
import type { Mood } from "../../engine/score/score.ts";
import { METERS } from "../../engine/time/meter.ts";
import { midiPitch, ticks, unitInterval, velocity } from "../../engine/time/units.ts";
import { mood } from "../helpers/score.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const curve = (most: number) =>
  fc
    .uniqueArray(fc.tuple(share, share), { minLength: 2, maxLength: 16, selector: ([at]) => at })
    .map((points) =>
      points.toSorted(([a], [b]) => a - b).map(([at, to]) => [at, to * most] as const),
    );
const form: fc.Arbitrary<Form> = fc.array(
  fc.record({ letter: fc.constantFrom(...FORM_LETTERS), primes: fc.nat(3) }),
  { minLength: 1, maxLength: 8 },
);
const chord = fc.record({ root: fc.nat(11), quality: fc.constantFrom(...CHORD_QUALITIES) });
const progression: fc.Arbitrary<Progression> = fc.array(fc.tuple(chord, chord), {
  minLength: 1,
  maxLength: 8,
});
const perSomeStems = <Value>(value: fc.Arbitrary<Value>) =>
  fc.record(
    { melody: value, counter: value, harmony: value, bass: value, drums: value },
    { requiredKeys: [] },
  );
const stems = perSomeStems(fc.oneof(share.map(unitInterval), curve(1)));

const anyMood: fc.Arbitrary<Mood> = fc
  .record({
    arousal: share.map(unitInterval),
    meter: fc.constantFrom(...METERS),
    phrase: fc.integer({ min: 4, max: 8 }),
    key: fc.record({ tonic: fc.nat(11), mode: fc.constantFrom(...MODES) }),
    stems: stems.filter((given) => Object.keys(given).length > 0),
    activity: perSomeStems(curve(4)),
    form,
    progressions: fc.array(progression, { maxLength: 4 }),
  })
  .map((changes) => mood("any", changes));

const request = fc.record(
  {
    mood: anyMood,
    visit: fc.nat(5),
    index: fc.nat(200),
    intensity: share.map(unitInterval),
    seed: fc.integer(),
    length: fc.integer({ min: 1, max: 8 }),
    attempt: fc.nat(3),
    ending: fc.constantFrom("cadence" as const, "fill" as const),
    strength: share.map(unitInterval),
  },
  { requiredKeys: ["mood", "visit", "index", "intensity", "seed"] },
);

test("any mood, form, progression and intensity gives a plan that can be written", () => {
  fc.assert(
    fc.property(request, (asked) => {
      const plan = planPhrase(asked);
      expect(plan.bars).toHaveLength(asked.length ?? asked.mood.phrase);
      for (const bar of plan.bars) {
        for (const half of bar.chords) {
          expect(half?.root).toBeGreaterThanOrEqual(0);
          expect(half?.root).toBeLessThanOrEqual(11);
          expect(CHORD_QUALITIES).toContain(half?.quality);
        }
        expect(bar.intensity).toBeGreaterThanOrEqual(0);
        expect(bar.intensity).toBeLessThanOrEqual(1);
        for (const stem of STEMS) {
          expect([0, 1, 2, 3, 4]).toContain(bar.density[stem]);
          if (asked.mood.stems[stem] === undefined) expect(bar.density[stem]).toBe(0);
        }
        expect(Object.values(bar.density).some((density) => density !== 0)).toBe(true);
      }
      expect(plan.seed).toBeGreaterThanOrEqual(0);
      expect(Number.isInteger(plan.seed)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("the same request gives the same plan", () => {
  fc.assert(
    fc.property(request, (asked) => {
      expect(planPhrase(structuredClone(asked))).toEqual(planPhrase(asked));
    }),
  );
});

test("what a phrase varies or leads to is an earlier one, at most eight phrases back", () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { origin, towards, index } = planPhrase(asked);
      const earlier = [...(origin.kind === "variation" ? [origin.of] : []), towards ?? -1];
      for (const other of earlier.filter((number) => number !== -1)) {
        expect(other).toBeGreaterThanOrEqual(Math.max(0, index - 8));
        expect(other).toBeLessThan(index);
      }
    }),
    { numRuns: 400 },
  );
});

test("bass and melody never rest together, and no rest leaves a stem alone", () => {
  const all = mood("any", {
    stems: perStem(() => unitInterval(0)),
  });
  fc.assert(
    fc.property(form, fc.nat(50), fc.integer(), share, (order, index, seed, intensity) => {
      const { bars } = planPhrase({
        mood: { ...all, form: order },
        visit: 0,
        index,
        intensity: unitInterval(intensity),
        seed,
      });
      for (const { density } of bars) {
        const resting = STEMS.filter((stem) => density[stem] === 0);
        expect(resting.length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 400 },
  );
});

/** Longest row of phrases with one progression. */
function longestRow(plans: readonly PhrasePlan[]): number {
  let [longest, row] = [0, 0];
  for (const [index, { bars }] of plans.entries()) {
    const before = plans[index - 1]?.bars.map(({ chords }) => chords);
    const same = JSON.stringify(before) === JSON.stringify(bars.map(({ chords }) => chords));
    row = same ? row + 1 : 1;
    longest = Math.max(longest, row);
  }
  return longest;
}

const hundred = (asked: Pick<Parameters<typeof planPhrase>[0], "mood" | "seed">) =>
  Array.from({ length: 100 }, (_, index) =>
    planPhrase({ ...asked, visit: 0, index, intensity: unitInterval(0.5) }),
  );

test("a hundred phrases never repeat the one before, nor stay on one progression for long", () => {
  fc.assert(
    fc.property(
      form,
      fc.constantFrom(...MODES),
      fc.integer({ min: 4, max: 8 }),
      fc.integer(),
      (order, mode, phrase, seed) => {
        const calm = mood("calm", { form: order, key: { tonic: 0, mode }, phrase });
        const plans = hundred({ mood: calm, seed });
        const seeds = new Set(plans.map((plan) => plan.seed));
        expect(seeds.size).toBe(100);
        expect(longestRow(plans)).toBeLessThanOrEqual(15);
      },
    ),
    { numRuns: 150 },
  );
});

test("a song of a hundred phrases has several progressions in turn, at most four phrases each", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MODES), fc.integer(), (mode, seed) => {
      const plans = hundred({ mood: mood("calm", { key: { tonic: 0, mode } }), seed });
      expect(longestRow(plans)).toBeLessThanOrEqual(4);
      const different = new Set(
        plans.map(({ bars }) => JSON.stringify(bars.map(({ chords }) => chords))),
      );
      expect(different.size).toBeGreaterThanOrEqual(5);
    }),
    { numRuns: 60 },
  );
});

const melody = fc.array(
  fc.record({ at: fc.nat(4 * 3840 - 1), pitch: fc.integer({ min: 40, max: 80 }) }),
  { maxLength: 40 },
);

const takeOf = (notes: readonly { at: number; pitch: number }[], by = 0): PhraseTake => ({
  source: "model",
  bars: planPhrase({
    mood: mood("calm"),
    visit: 0,
    index: 0,
    intensity: unitInterval(0.5),
    seed: 1,
  }).bars,
  notes: perStem(() =>
    notes.map(({ at, pitch }) => ({
      at: ticks(at),
      duration: ticks(240),
      pitch: midiPitch(pitch + by),
      velocity: velocity(80),
    })),
  ),
});

test("the memory for melodies knows a tune it has heard in every key, and never grows over its bound", () => {
  fc.assert(
    fc.property(fc.array(melody, { maxLength: 30 }), melody, fc.nat(11), (others, tune, by) => {
      let memory: Novelty = createNovelty();
      for (const other of others) memory = remember(memory, takeOf(other));
      const before = familiarity(memory, takeOf(tune));
      expect(familiarity(memory, takeOf(tune, by))).toBe(before);
      memory = remember(memory, takeOf(tune));
      const after = familiarity(memory, takeOf(tune, by));
      expect(after === 0 || after === 1).toBe(true);
      expect(after).toBeGreaterThanOrEqual(before);
      expect(memory.heard.length).toBeLessThanOrEqual(512);
    }),
  );
});
