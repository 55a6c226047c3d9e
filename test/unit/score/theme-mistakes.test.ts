import { describe, expect, it } from "vitest";
import { formatKey } from "../../../engine/music/key.ts";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import type { Score } from "../../../engine/score/score.ts";
import { issuesOf, withLines } from "../../helpers/score.ts";
import { cellsOf } from "../../helpers/theme.ts";

function scoreOf(text: string): Score {
  const parsed = parseScore(text, { palettes: ["plucked"] });
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
  return parsed.score;
}

const mood = (theme: string): string =>
  `attacca: 1\nthemes: { hero: { midi: hero.mid } }\nmoods:\n  calm: { theme: ${theme} }`;

describe("themes of a score", () => {
  it("are files by their path, and notes already read in their key and meter", () => {
    const score = scoreOf(
      withLines(
        `meter: 3/4\nkey: G minor\ntempo: 90\nthemes:\n  hero: { midi: music/hero.mid }\n  bell: { notes: "D4 1/4, F4 1/8, r 1/8, A4 1/4" }\n  horn: { notes: "D4 1/1 | A4 1/2", key: D dorian, meter: 4/4 }`,
      ),
    );
    const [hero, bell, horn] = score.themes;
    expect(hero).toEqual({ kind: "midi", name: "hero", file: "music/hero.mid" });
    if (bell?.kind !== "notes" || horn?.kind !== "notes") throw new Error("notes are not read");
    expect(bell.theme).toMatchObject({ name: "bell", meter: "3/4", tempo: 90, bars: 1 });
    expect(formatKey(bell.theme.key)).toBe("G aeolian");
    expect(cellsOf(bell.theme.melody, "3/4")).toEqual([
      [0, 62, 4],
      [4, 65, 2],
      [8, 69, 4],
    ]);
    expect(horn.theme).toMatchObject({ meter: "4/4", bars: 2 });
    expect(formatKey(horn.theme.key)).toBe("D dorian");
    expect(horn.theme.chords).toHaveLength(2);
  });

  it("are none where the score names none", () => {
    const score = scoreOf("attacca: 1\nmoods: { calm: }");
    expect(score.themes).toEqual([]);
    expect(score.moods[0]?.theme).toBeUndefined();
  });
});

describe("the theme of a mood", () => {
  it("by its name is the theme as it is", () => {
    expect(scoreOf(mood("hero")).moods[0]?.theme).toEqual({
      name: "hero",
      likeness: [0.6, 1],
      register: 0,
      density: "all",
    });
  });

  it("in a map says what is to become of it", () => {
    const theme = "{ name: hero, likeness: [0.5, 0.95], register: -1, density: sparse }";
    expect(scoreOf(mood(theme)).moods[0]?.theme).toEqual({
      name: "hero",
      likeness: [0.5, 0.95],
      register: -1,
      density: "sparse",
    });
  });

  it("is inherited, and as a whole replaced by one of its own", () => {
    const text = `${mood("{ name: hero, register: 1 }")}\n  dawn: { inherit: calm }\n  dusk: { inherit: calm, theme: hero }`;
    const [calm, dawn, dusk] = scoreOf(text).moods;
    expect(dawn?.theme).toEqual(calm?.theme);
    expect(dusk?.theme?.register).toBe(0);
  });

  it("is inherited no further than a mood that says none", () => {
    const text = `${mood("hero")}\n  dawn: { inherit: calm, theme: none }\n  dusk: { inherit: dawn }\n  night: { inherit: dawn, theme: hero }`;
    const themes = scoreOf(text).moods.map(({ theme }) => theme?.name);
    expect(themes).toEqual(["hero", undefined, undefined, "hero"]);
  });
});

const NOTES = 'notes such as "D4 1/4, r 1/8, F4 1/8, A4 1/2"';
const EITHER = 'either "midi" or "notes"';

/** What is wrong, the score, and its one issue as `formatIssue` prints it. */
const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
  [
    "an unknown theme",
    mood("hera"),
    `4:18 moods.calm.theme: found "hera", expected one of hero, none; did you mean "hero"?`,
  ],
  [
    "an unknown theme in a map",
    mood("{ name: hera, register: 1 }"),
    `4:26 moods.calm.theme.name: found "hera", expected one of hero, none; did you mean "hero"?`,
  ],
  [
    "a theme where there is none",
    "attacca: 1\nmoods:\n  calm: { theme: hero }",
    `3:18 moods.calm.theme: found "hero", expected one of none`,
  ],
  [
    "the name that means no theme",
    withLines("themes:\n  none: { midi: hero.mid }"),
    `5:3 themes.none: found the name "none", expected another name, for this one is reserved`,
  ],
  [
    "a map without a name",
    mood("{ register: 1 }"),
    `4:18 moods.calm.theme.name: found nothing, expected a name`,
  ],
  [
    "a list of themes",
    mood("[hero]"),
    `4:18 moods.calm.theme: found ["hero"], expected a map of name, likeness, register, density`,
  ],
  [
    "bounds the wrong way round",
    mood("{ name: hero, likeness: [0.9, 0.6] }"),
    `4:42 moods.calm.theme.likeness: found [0.9, 0.6], expected two numbers within [0, 1], the smaller first, such as [0.6, 0.95]`,
  ],
  [
    "a bound beyond 1",
    mood("{ name: hero, likeness: [0.6, 95] }"),
    `4:42 moods.calm.theme.likeness: found [0.6, 95], expected two numbers within [0, 1], the smaller first, such as [0.6, 0.95]`,
  ],
  [
    "half an octave",
    mood("{ name: hero, register: 0.5 }"),
    `4:42 moods.calm.theme.register: found 0.5, expected a whole number within [-2, 2]`,
  ],
  [
    "a density of another kind",
    mood("{ name: hero, density: spare }"),
    `4:41 moods.calm.theme.density: found "spare", expected one of all, sparse; did you mean "sparse"?`,
  ],
  [
    "neither a file nor notes",
    withLines("themes:\n  hero: { key: D dorian }"),
    `5:3 themes.hero: found a theme with neither, expected ${EITHER}`,
  ],
  [
    "a theme left empty",
    withLines("themes:\n  hero:"),
    `5:3 themes.hero: found a theme with neither, expected ${EITHER}`,
  ],
  [
    "both a file and notes",
    withLines("themes:\n  hero: { midi: hero.mid, notes: D4 1/4 }"),
    `5:27 themes.hero.notes: found both "midi" and "notes", expected ${EITHER}`,
  ],
  [
    "a key beside a file",
    withLines("themes:\n  hero: { midi: hero.mid, key: D dorian }"),
    `5:27 themes.hero.key: found the key "key" beside "midi", expected none, for the file says it`,
  ],
  [
    "a pitch of no scale",
    withLines(`themes:\n  hero: { notes: "D4 1/4, H4 1/8" }`),
    `5:18 themes.hero.notes: found "D4 1/4, H4 1/8", expected ${NOTES}: a pitch such as D4 or Bb5, or "r" for a rest where "H4" (character 9) stands`,
  ],
  [
    "a bar line that is wrong in the score's meter",
    withLines(`meter: 3/4\nthemes:\n  hero: { notes: "D4 1/1 | A4 1/4" }`),
    `6:18 themes.hero.notes: found "D4 1/1 | A4 1/4", expected ${NOTES}: 1/4 less before the bar line where "|" (character 8) stands`,
  ],
  [
    "a bar line that is wrong in the theme's own meter",
    withLines(`themes:\n  hero: { notes: "D4 1/1 | A4 1/4", meter: 6/8 }`),
    `5:18 themes.hero.notes: found "D4 1/1 | A4 1/4", expected ${NOTES}: 1/4 less before the bar line where "|" (character 8) stands`,
  ],
  [
    "notes that are a number",
    withLines("themes:\n  hero: { notes: 4 }"),
    `5:18 themes.hero.notes: found 4, expected ${NOTES}`,
  ],
  [
    "a theme that is a text",
    withLines("themes:\n  hero: hero.mid"),
    `5:9 themes.hero: found "hero.mid", expected a map of midi, notes, key, meter`,
  ],
  [
    "a theme named as no name can be",
    withLines("themes:\n  2hero: { midi: hero.mid }"),
    `5:3 themes.2hero: found the name "2hero", expected a name of at most 64 letters, digits, _, - and . that begins with a letter`,
  ],
  [
    "more themes than there may be",
    withLines(
      `themes:\n${Array.from({ length: 33 }, (_, index) => `  t${index}: { midi: a.mid }`).join("\n")}`,
    ),
    `5:3 themes: found 33 themes, expected at most 32`,
  ],
];

it.each(MISTAKES)("%s is the one issue, reported where it stands", (_, text, issue) => {
  expect(issuesOf(text).map((found) => formatIssue(found))).toEqual([`score:${issue}`]);
});
