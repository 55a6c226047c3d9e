import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { STYLES } from "../../engine/music/bar-plan.ts";
import { MODES } from "../../engine/music/key.ts";
import { STEMS } from "../../engine/music/stem.ts";
import { formatIssue } from "../../engine/score/issue.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import { METERS } from "../../engine/time/meter.ts";
import { refusedAt } from "../helpers/score-schema.ts";

const PALETTES = ["plucked", "crystal", "heroic"];

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const written = (unit: string, max: number) => fc.nat(max).map((count) => `${count}${unit}`);
const time = fc.oneof(written("ms", 60_000), written("s", 60));
const length = fc.oneof(time, written(" bars", 32), written(" beats", 128));
const key = fc
  .tuple(fc.constantFrom("C", "F#", "Bb", "e", "A♭"), fc.constantFrom(...MODES, "major", "minor"))
  .map((words) => words.join(" "));
/** Words of the script itself. */
const TAKEN = new Set(["any", "location", "and", "or", "not", "is"]);
const name = fc
  .stringMatching(/^[a-zåπ][a-z0-9_.-]{0,12}$/)
  .filter((word) => !TAKEN.has(word) && !Object.hasOwn(Object.prototype, word));
const names = (min: number, max: number) =>
  fc.uniqueArray(name, { minLength: min, maxLength: max });

const stems = fc.oneof(
  fc.subarray([...STEMS], { minLength: 1 }),
  fc
    .subarray([...STEMS], { minLength: 1 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((stem) => [stem, number(0, 1)])))),
);

const mood = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      valence: number(-1, 1),
      arousal: number(0, 1),
      tempo: number(40, 240),
      key,
      style: fc.constantFrom(...STYLES),
      stems,
    },
    { requiredKeys: [] },
  ),
);

const signal = fc.record(
  { range: fc.constant([0, 100]), initial: number(0, 1), attack: time, release: time },
  { requiredKeys: [] },
);

const mapOf = <Value>(keys: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.record(Object.fromEntries(keys.map((word) => [word, value])));

/** Scores without a mistake, as data. */
const scores = fc
  .tuple(names(1, 6), names(0, 4), names(0, 4))
  .chain(([moods, locations, signals]) => {
    const anyMood = fc.constantFrom(...moods);
    const pattern = fc.constantFrom("any", ...moods);
    const rule = fc
      .record({
        signal: fc.constantFrom("intensity", ...signals),
        low: number(0, 0.5),
        high: number(0.5, 1),
        rising: fc.boolean(),
        mood: anyMood,
      })
      .map(({ signal, low, high, rising, mood }) => {
        const over = `${signal} > ${high.toFixed(3)}`;
        const under = `${signal} < ${low.toFixed(3)}`;
        return rising ? { when: over, until: under, mood } : { when: under, until: over, mood };
      });
    return fc.record(
      {
        attacca: fc.constant(1),
        title: fc.string({ minLength: 1, maxLength: 50 }).filter((text) => text.trim() !== ""),
        tempo: number(40, 240),
        meter: fc.constantFrom(...METERS),
        key,
        palette: fc.constantFrom(...PALETTES),
        phrase: fc.integer({ min: 4, max: 8 }).map((bars) => `${bars} bars`),
        signals: mapOf(signals, signal),
        moods: mapOf(moods, mood),
        locations: mapOf(
          locations,
          fc.record({ palette: fc.constantFrom(...PALETTES), mood: anyMood }, { requiredKeys: [] }),
        ),
        rules: fc.array(rule, { maxLength: 4 }),
        transitions: fc.array(
          fc.record(
            {
              from: pattern,
              to: pattern,
              at: fc.constantFrom("beat", "bar", "phrase"),
              fade: length,
            },
            { requiredKeys: ["from", "to"] },
          ),
          { maxLength: 4 },
        ),
      },
      { requiredKeys: ["attacca", "moods", "signals"] },
    );
  });

/** The words of the language in any order: more likely to get far than random characters. */
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom("attacca: 1", "moods:", "signals:", "rules:", "stems:", "when:", "any"),
      fc.constantFrom("\n", "\n  ", "\n    ", "- ", ": ", ", ", "{", "}", "[", "]", "&a ", "*a"),
      fc.constantFrom("'", '"', "#", "|", ">", "? ", "!", "!!str ", "%YAML 1.1\n", "---", "\t"),
      fc.constantFrom("intensity > 0.7", "400ms", "__proto__", "constructor", ".nan", "\ufeff"),
    ),
    { maxLength: 60 },
  )
  .map((words) => words.join(""));

/** Parses, checks what every answer must keep to, and says whether the score was right. */
function survives(text: string): boolean {
  const parsed = parseScore(text, { palettes: PALETTES });
  if (parsed.ok) return true;
  expect(parsed.issues.length).toBeGreaterThan(0);
  const lines = text.split("\n").length + 1;
  for (const issue of parsed.issues) {
    expect(issue.line).toBeGreaterThanOrEqual(1);
    expect(issue.line).toBeLessThanOrEqual(lines);
    expect(issue.column).toBeGreaterThanOrEqual(1);
    expect(formatIssue(issue)).not.toMatch(/\p{Cc}/u);
  }
  return false;
}

describe("parseScore", () => {
  it("accepts any right score and keeps what it says, in YAML as in JSON", () => {
    fc.assert(
      fc.property(scores, (data) => {
        const json = parseScore(JSON.stringify(data), { palettes: PALETTES });
        if (!json.ok) throw new Error(json.issues.map((issue) => formatIssue(issue)).join("\n"));
        expect(parseScore(stringify(data), { palettes: PALETTES })).toMatchObject({
          ok: true,
          score: json.score,
        });
        const { score } = json;
        expect(score.moods.map((mood) => mood.name)).toEqual(Object.keys(data.moods));
        expect(score.locations.map((place) => place.name)).toEqual(
          Object.keys(data.locations ?? {}),
        );
        expect(score.tempo).toBe(data.tempo ?? 96);
        expect(score.title).toBe(data.title ?? "Untitled");
        const fallback = score.transitions.some(
          ({ from, to }) => from.includes("any") && to.includes("any"),
        );
        expect(fallback).toBe(true);
        expect(Object.hasOwn(score.signals, "intensity")).toBe(true);
      }),
    );
  });

  it("accepts no score that its JSON Schema refuses", () => {
    fc.assert(
      fc.property(scores, (data) => {
        expect(refusedAt(JSON.parse(JSON.stringify(data)))).toEqual([]);
      }),
    );
  });

  it("finds a mistake planted anywhere in a right score", () => {
    fc.assert(
      fc.property(scores, fc.nat(), (data, seed) => {
        const moods = Object.keys(data.moods);
        const victim = moods[seed % moods.length] ?? "";
        const planted = { ...data, moods: { ...data.moods, [victim]: { valence: 2 } } };
        const parsed = parseScore(JSON.stringify(planted), { palettes: PALETTES });
        expect(parsed.ok ? [] : parsed.issues).toMatchObject([{ found: "2" }]);
      }),
    );
  });

  it("never throws, for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), survivesAny), {
      numRuns: 300,
    });
    fc.assert(fc.property(soup, survivesAny), { numRuns: 1000 });
  });

  it("never throws, for any JSON and for right scores with any value put in", () => {
    fc.assert(fc.property(fc.json(), survivesAny));
    fc.assert(
      fc.property(scores, fc.jsonValue(), fc.nat(), (data, value, seed) => {
        const sections = Object.keys(data);
        const section = sections[seed % sections.length] ?? "moods";
        survives(JSON.stringify({ ...data, [section]: value }));
      }),
    );
  });
});

const survivesAny = (text: string): void => {
  survives(text);
};
