import { describe, expect, test } from "vitest";
import { formStep, type FormStep } from "../../../engine/composer/form.ts";
import { readForm } from "../../../engine/music/form.ts";
import { formOf } from "../../helpers/harmony.ts";

const steps = (text: string, count: number, seed = 1): readonly FormStep[] =>
  Array.from({ length: count }, (_, index) => formStep(formOf(text), index, seed));

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

describe("a form", () => {
  test("is read with primes, straight or typographic", () => {
    expect(formOf("A A' B’ D'''")).toEqual([
      { letter: "A", primes: 0 },
      { letter: "A", primes: 1 },
      { letter: "B", primes: 1 },
      { letter: "D", primes: 3 },
    ]);
  });

  test.each(["", "A E", "AB", "a", "A''''", "A ' B", "A A A A A A A A A"])("is not %j", (text) => {
    expect(readForm(text).ok).toBe(false);
  });

  test("gives each phrase its role: C and D are contrasts as B is", () => {
    expect(steps("A A' B C D", 5).map(({ role }) => role)).toEqual(["A", "A'", "B", "B", "B"]);
  });

  test("waits with the harmony before home comes back, and nowhere else", () => {
    const cadences = steps("A A' B C", 4).map(({ cadence }) => cadence);
    expect(cadences).toEqual(["close", "close", "close", "open"]);
  });

  test("lets the plain phrase come back nearly as it was and the primed one go further", () => {
    const [first, primed, contrast, back] = steps("A A' B A", 4).map(({ source }) => source);
    expect(first).toBeUndefined();
    expect(primed).toMatchObject({ index: 0, change: 0.3 });
    expect(contrast).toBeUndefined();
    expect(back).toMatchObject({ index: 0, change: 0.1 });
  });

  test("writes an open phrase towards the one that the next will vary", () => {
    const towards = steps("A B A' C", 8).map((step) => step.towards);
    expect(towards).toEqual([undefined, 0, undefined, 0, undefined, 4, undefined, 4]);
  });

  test("never loses a letter that has only primed phrases", () => {
    const [, second] = steps("B' A", 4).filter(({ idea }) => idea.letter === 0);
    expect(second?.source?.index).toBe(0);
  });
});

describe("later rounds", () => {
  test("grow out of the round before, not always as far", () => {
    const depths = new Set<number>();
    for (const seed of SEEDS) {
      const step = formStep(formOf("A A' B A"), 4, seed);
      expect(step.source?.index).toBe(3);
      depths.add(step.source?.change ?? 0);
    }
    expect(depths.size).toBeGreaterThan(2);
  });

  test("bring a new contrast and new chords for home, each within five rounds of the last", () => {
    for (const seed of SEEDS) {
      const all = steps("A A' B A", 80, seed);
      const rounds = (letter: number): readonly number[] =>
        Array.from({ length: 20 }, (_, round) => round).filter((round) => {
          const before = all[4 * round - 4 + (letter === 0 ? 0 : 2)]?.idea.version ?? 0;
          return all[4 * round + (letter === 0 ? 0 : 2)]?.idea.version !== before;
        });
      for (const letter of [0, 1]) {
        const turns = rounds(letter);
        expect(turns.length).toBeGreaterThan(3);
        const gaps = turns.map((turn, index) => turn - (turns[index - 1] ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
      }
    }
  });

  test("write a contrast anew when its idea changes, and home over its new chords", () => {
    const all = steps("A A' B A", 80, 3);
    const isTurn = (index: number): boolean =>
      index >= 4 && all[index]?.idea.version !== all[index - 4]?.idea.version;
    const contrast = all.findIndex(({ idea }, index) => idea.letter === 1 && isTurn(index));
    const home = all.findIndex(({ idea }, index) => idea.letter === 0 && isTurn(index));
    expect(all[contrast]?.source).toBeUndefined();
    expect(all[contrast - 4]?.source ?? contrast - 4).toBeDefined();
    expect(all[home]?.source).toMatchObject({ index: home - 1, change: 0.6 });
    expect(all[home]?.source?.version).toBe((all[home]?.idea.version ?? 0) - 1);
  });

  test("of a form without a contrast give it new chords instead", () => {
    for (const seed of SEEDS) {
      const versions = steps("A", 40, seed).map(({ idea }) => idea.version);
      expect(versions.at(-1)).toBeGreaterThan(6);
    }
  });
});
