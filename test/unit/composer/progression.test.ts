import { describe, expect, test } from "vitest";
import { harmonyOf } from "../../../engine/composer/progression.ts";
import { chordTones, type Chord } from "../../../engine/music/chord.ts";
import { MODES, scaleOf, type Mode } from "../../../engine/music/key.ts";
import { readNumerals, type Progression } from "../../../engine/music/roman.ts";
import { progressionOf } from "../../helpers/harmony.ts";
import { mood } from "../../helpers/score.ts";

const firsts = (progression: Progression): readonly string[] =>
  progression.map(([chord]) => `${chord.root} ${chord.quality}`);

describe("Roman numerals", () => {
  test("name the degrees of the mode that they sound in", () => {
    expect(firsts(progressionOf("i VI III VII", "aeolian"))).toEqual([
      "0 min",
      "8 maj",
      "3 maj",
      "10 maj",
    ]);
    expect(firsts(progressionOf("i VI", "dorian"))).toEqual(["0 min", "9 maj"]);
    expect(firsts(progressionOf("I bVII bVI #IV", "ionian"))).toEqual([
      "0 maj",
      "10 maj",
      "8 maj",
      "6 maj",
    ]);
  });

  test("count flats from the degrees of major, so that bVI is the sixth of minor", () => {
    const roots = (text: string, mode: Mode): readonly number[] =>
      progressionOf(text, mode).map(([{ root }]) => root);
    for (const mode of MODES) expect(roots("bII bIII bV bVI bVII", mode)).toEqual([1, 3, 6, 8, 10]);
    expect(roots("bIII bVI bVII", "aeolian")).toEqual(roots("III VI VII", "aeolian"));
    expect(roots("♭VI", "aeolian")).toEqual([8]);
  });

  test("raise the degrees of the mode itself by sharps", () => {
    const roots = (text: string, mode: Mode): readonly number[] =>
      progressionOf(text, mode).map(([{ root }]) => root);
    expect(roots("#iv° #vi° #vii°", "aeolian")).toEqual([6, 9, 11]);
    expect(roots("#iv° ♯i°", "ionian")).toEqual([6, 1]);
  });

  test("say the quality by their case and what follows", () => {
    const qualities = progressionOf("V7 vii° III+ iv7 Imaj7 iiø7 Vsus4 viio7", "ionian");
    expect(qualities.map(([chord]) => chord.quality)).toEqual([
      "dom7",
      "dim",
      "aug",
      "min7",
      "maj7",
      "hdim7",
      "sus4",
      "dim7",
    ]);
  });

  test("share a bar where they are joined", () => {
    const [bar, whole] = progressionOf("i-V i", "aeolian");
    expect(bar?.map(({ root }) => root)).toEqual([0, 7]);
    expect(whole?.map(({ root }) => root)).toEqual([0, 0]);
  });

  test.each([
    ["i VIII", '"VIII"'],
    ["VII°", '"VII°"'],
    ["i imaj7", '"imaj7"'],
    ["i-V-i", '"i-V-i"'],
    ["i-", '"i-"'],
    ["i-W", '"W"'],
    ["| i |", '"|"'],
    ["Iv", '"Iv"'],
    ["i i i i i i i i i", "one more"],
  ])("are not %j", (text, found) => {
    expect(readNumerals(text)).toMatchObject({ ok: false, found });
  });
});

const CADENCES = ["close", "open"] as const;
const VERSIONS = [0, 1, 2, 3] as const;

const drawn = (
  mode: Mode,
  changes: Partial<Omit<Parameters<typeof harmonyOf>[0], "mood">> = {},
): Progression =>
  harmonyOf({
    mood: mood("calm", { key: { tonic: 0, mode } }),
    idea: { letter: 0, version: 0 },
    cadence: "close",
    bars: 4,
    seed: 1,
    ...changes,
  });

const tones = (bar: Progression[number] | undefined): readonly number[] =>
  bar === undefined ? [] : chordTones(bar[0], { tonic: 0, mode: "ionian" });

const isTonic = (chord: Chord | undefined): boolean => chord?.root === 0;

describe("harmony without a progression of the mood's own", () => {
  test.each(MODES)("begins at home in %s and ends an open phrase away from it", (mode) => {
    for (let seed = 0; seed < 30; seed += 1) {
      for (const bars of [4, 5, 6, 7, 8]) {
        for (const version of VERSIONS) {
          const idea = { letter: 0, version };
          expect(isTonic(drawn(mode, { seed, bars, idea })[0]?.[0])).toBe(true);
          const open = drawn(mode, { seed, bars, idea, cadence: "open" });
          expect(isTonic(open.at(-1)?.[1])).toBe(false);
        }
      }
    }
  });

  test.each(MODES)("stays in %s but for the raised leading tone of a dominant", (mode) => {
    for (let seed = 0; seed < 30; seed += 1) {
      for (const cadence of CADENCES) {
        for (const [first, second] of drawn(mode, { seed, cadence, bars: 8 })) {
          expect(scaleOf(mode)).toContain(first.root);
          expect(scaleOf(mode)).toContain(second.root);
        }
      }
    }
  });

  test("changes chords faster towards the end of a longer phrase", () => {
    const four = firsts(drawn("aeolian"));
    expect(firsts(drawn("aeolian", { bars: 6 }))).toEqual([
      four[0],
      four[0],
      four[1],
      four[1],
      four[2],
      four[3],
    ]);
  });

  test.each(MODES)(
    "lets the first half of eight bars wait and closes as four bars do in %s",
    (mode) => {
      for (let seed = 0; seed < 30; seed += 1) {
        const four = firsts(drawn(mode, { seed }));
        const eight = firsts(drawn(mode, { seed, bars: 8 }));
        expect(eight.slice(0, 3)).toEqual(four.slice(0, 3));
        expect(eight[3]).not.toMatch(/^0 /);
        expect(eight.slice(6)).toEqual(four.slice(2));
      }
    },
  );

  test("sets out elsewhere in the second half of eight bars as a rule, and else as in the first", () => {
    let asBefore = 0;
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    for (const seed of seeds) {
      const eight = firsts(drawn("aeolian", { seed, bars: 8 }));
      if (eight[4] === eight[0]) {
        asBefore += 1;
        expect(eight.slice(4, 7)).toEqual(eight.slice(0, 3));
      }
    }
    expect(asBefore / seeds.length).toBeGreaterThan(0.13);
    expect(asBefore / seeds.length).toBeLessThan(0.27);
  });

  test("keeps two of three tones wherever home is given other chords", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const before = drawn("dorian", { seed });
      const after = drawn("dorian", { seed, idea: { letter: 0, version: 1 } });
      expect(after).not.toEqual(before);
      expect(after[0]).toEqual(before[0]);
      expect(after[3]).toEqual(before[3]);
      for (const bar of [1, 2]) {
        const kept = tones(before[bar]).filter((tone) => tones(after[bar]).includes(tone));
        expect(kept.length).toBeGreaterThanOrEqual(2);
      }
      expect(drawn("dorian", { seed, idea: { letter: 0, version: 2 } })).toEqual(before);
    }
  });

  test("gives a new version of a contrast other chords", () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const version = (number: number): Progression =>
        drawn("ionian", { seed, cadence: "open", idea: { letter: 1, version: number } });
      expect(version(1)).not.toEqual(version(0));
    }
  });
});

describe("progressions of a mood's own", () => {
  const own = ["i VI", "iv v III", "VII"].map((text) => progressionOf(text, "aeolian"));
  const chosen = (count: number, letter: number, version: number): string =>
    firsts(
      harmonyOf({
        mood: mood("calm", { progressions: own.slice(0, count) }),
        idea: { letter, version },
        cadence: "close",
        bars: 4,
        seed: 1,
      }),
    ).join(", ");

  test("go round for as many bars as the phrase has", () => {
    expect(chosen(1, 0, 0)).toBe("0 min, 8 maj, 0 min, 8 maj");
  });

  test("are those of the letters in their order, and stay so", () => {
    expect(chosen(2, 1, 0)).toBe("5 min, 7 min, 3 maj, 5 min");
    for (const version of VERSIONS) expect(chosen(2, 1, version)).toBe(chosen(2, 1, 0));
  });

  test("come by turns where there are more of them than letters", () => {
    expect(chosen(3, 0, 1)).toBe("10 maj, 10 maj, 10 maj, 10 maj");
  });
});
