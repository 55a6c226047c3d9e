import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { issuesOf, withLines } from "../../helpers/score.ts";

const TOP =
  "one of attacca, title, tempo, meter, key, palette, palettes, phrase, signals, forms, progressions, themes, takes, moods, locations, stingers, rules, transitions";
const PALETTE_FORM =
  "the name of a palette, a list of two such as [plucked, wooden], or weights such as { plucked: 0.6, wooden: 0.4 }";
const NAME_RULE = "a name of at most 64 letters, digits, _, - and . that begins with a letter";

/** What is wrong, the score, and its one issue as `formatIssue` prints it. */
const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
  [
    "a curve that turns back",
    withLines("signals:\n  heat: { curve: [[0, 0], [0.5, 1], [0.4, 1]] }"),
    `5:18 signals.heat.curve: found a list, expected 2 to 16 points such as [[0, 0], [80, 20], [100, 100]], their first numbers rising`,
  ],
  [
    "a curve that leaves the range",
    withLines("signals:\n  heat: { curve: [[0, 0], [1, 2]] }"),
    `5:27 signals.heat.curve[1]: found [1, 2], expected numbers within the signal's range [0, 1]`,
  ],
  [
    "a dead band as wide as the range",
    withLines("signals:\n  heat: { deadband: 1 }"),
    `5:21 signals.heat.deadband: found 1, expected less than the width of the signal's range`,
  ],
  [
    "another version",
    "attacca: 2\nmoods: { calm: }",
    `1:10 attacca: found 2, expected 1, the version of the score script`,
  ],
  [
    "no version",
    "moods:\n  calm:",
    `1:1 attacca: found nothing, expected 1, the version of the score script`,
  ],
  ["no moods", "attacca: 1", `1:1 moods: found no mood, expected at least one mood`],
  [
    "a list of moods",
    "attacca: 1\nmoods: [calm]",
    `2:8 moods: found ["calm"], expected a map from names to moods`,
  ],
  [
    "a misspelt key",
    withLines("tempi: 90"),
    `4:1 tempi: found the unknown key "tempi", expected ${TOP}; did you mean "tempo"?`,
  ],
  [
    "a key of a later version",
    withLines("style: bold"),
    `4:1 style: found the key "style", expected no such key: "style" is not supported in this version`,
  ],
  [
    "a key written twice",
    withLines("tempo: 90\ntitle: Wood\ntempo: 100"),
    `6:1 tempo: found "tempo" a second time, expected each key once`,
  ],
  [
    "a duck without a unit",
    withLines("stingers:\n  alarm: { duck: 4 }"),
    `5:18 stingers.alarm.duck: found 4, expected a level within [-60dB, 0dB] such as "-4dB"`,
  ],
  [
    "a bridge without a unit",
    withLines("transitions:\n  - { from: any, to: calm, bridge: 2 }"),
    `5:36 transitions[0].bridge: found 2, expected none, or 1 to 8 whole bars such as "2 bars"`,
  ],
  [
    "a transition from no mood",
    withLines("transitions:\n  - { from: [], to: calm }"),
    `5:13 transitions[0].from: found [], expected at least one mood, or any`,
  ],
  [
    "a stinger for no mood",
    withLines("stingers:\n  alarm: { moods: [] }"),
    `5:19 stingers.alarm.moods: found [], expected at least one mood, or any`,
  ],
  [
    "a stinger of no stem",
    withLines("stingers:\n  alarm: { stems: [] }"),
    `5:19 stingers.alarm.stems: found [], expected at least one stem`,
  ],
  [
    "a title that YAML reads as a number",
    withLines("title: 1984"),
    `4:8 title: found 1984, expected a text of at most 200 characters`,
  ],
  [
    "a tempo that is too fast",
    withLines("tempo: 500"),
    `4:8 tempo: found 500, expected a tempo within [40, 240] beats per minute`,
  ],
  [
    "a tempo left empty",
    withLines("tempo:"),
    `4:7 tempo: found nothing, expected a tempo within [40, 240] beats per minute`,
  ],
  [
    "a meter the engine cannot play",
    withLines("meter: 5/4"),
    `4:8 meter: found "5/4", expected one of 4/4, 3/4, 6/8, 12/8; did you mean "4/4"?`,
  ],
  [
    "a key without a mode",
    withLines("key: D"),
    `4:6 key: found "D", expected a key such as "D dorian", "F# minor" or "Bb major"`,
  ],
  [
    "an unknown palette",
    withLines("palette: cristal"),
    `4:10 palette: found "cristal", expected one of plucked, crystal; did you mean "crystal"?`,
  ],
  [
    "an unknown palette in a blend",
    withLines("locations:\n  cave: { palette: [plucked, cristal] }"),
    `5:30 locations.cave.palette[1]: found "cristal", expected one of plucked, crystal; did you mean "crystal"?`,
  ],
  [
    "an unknown palette with a weight",
    withLines("locations:\n  cave: { palette: { pluckd: 0.5, crystal: 0.5 } }"),
    `5:22 locations.cave.palette.pluckd: found "pluckd", expected one of plucked, crystal; did you mean "plucked"?`,
  ],
  [
    "a blend of three palettes",
    withLines("locations:\n  cave: { palette: [plucked, crystal, plucked] }"),
    `5:20 locations.cave.palette: found ["plucked", "crystal", "plucked"], expected ${PALETTE_FORM}`,
  ],
  [
    "a blend of a palette with itself",
    withLines("locations:\n  cave: { palette: [plucked, plucked] }"),
    `5:20 locations.cave.palette: found ["plucked", "plucked"], expected ${PALETTE_FORM}`,
  ],
  [
    "a palette without weight in a blend",
    withLines("locations:\n  cave: { palette: { plucked: 0, crystal: 1 } }"),
    `5:20 locations.cave.palette: found a map, expected ${PALETTE_FORM}`,
  ],
  [
    "a phrase without its unit",
    withLines("phrase: 4"),
    `4:9 phrase: found 4, expected a length of 4 to 8 whole bars such as "4 bars"`,
  ],
  [
    "half a bar in a phrase",
    withLines("phrase: 3.5 bars"),
    `4:9 phrase: found "3.5 bars", expected a length of 4 to 8 whole bars such as "4 bars"`,
  ],
  [
    "a range upside down",
    withLines("signals:\n  health: { range: [100, 0] }"),
    `5:20 signals.health.range: found [100, 0], expected two numbers, the smaller first, such as [0, 100]`,
  ],
  [
    "an initial value that is not a number",
    withLines("signals:\n  health: { initial: .nan }"),
    `5:22 signals.health.initial: found NaN, expected a number`,
  ],
  [
    "an initial value outside the range",
    withLines("signals:\n  health: { range: [0, 100], initial: 101 }"),
    `5:39 signals.health.initial: found 101, expected a number within the signal's range [0, 100]`,
  ],
  [
    "an attack in bars",
    withLines("signals:\n  intensity: { attack: 1 bar }"),
    `5:24 signals.intensity.attack: found "1 bar", expected a time of at most 60s such as "400ms" or "4s"`,
  ],
  [
    "a signal named location",
    withLines("signals:\n  location:"),
    `5:3 signals.location: found the name "location", expected another name, for this one is reserved`,
  ],
  [
    "a mood named any",
    withLines("  any:"),
    `4:3 moods.any: found the name "any", expected another name, for this one is reserved`,
  ],
  [
    "a name that every JavaScript object has",
    withLines("  constructor:"),
    `4:3 moods.constructor: found the name "constructor", expected another name, for this one is reserved`,
  ],
  [
    "the name __proto__",
    withLines("  __proto__: { valence: 1 }"),
    `4:3 moods.__proto__: found the key "__proto__", expected another name`,
  ],
  [
    "a name with a space",
    withLines("  deep wood:"),
    `4:3 moods["deep wood"]: found the name "deep wood", expected ${NAME_RULE}`,
  ],
  [
    "a mood that is no map",
    withLines("  danger: loud"),
    `4:11 moods.danger: found "loud", expected a map of valence, arousal, tempo, meter, phrase, key, style, stems, activity, form, progression, theme, takes, markers, inherit`,
  ],
  [
    "a valence in words",
    withLines("  wander:\n    valence: happy"),
    `5:14 moods.wander.valence: found "happy", expected a number within [-1, 1]`,
  ],
  [
    "a number in quotes",
    withLines('  wander:\n    valence: "0.5"'),
    `5:14 moods.wander.valence: found "0.5", expected a number within [-1, 1]`,
  ],
  [
    "an infinite arousal",
    withLines("  wander: { arousal: .inf }"),
    `4:22 moods.wander.arousal: found Infinity, expected a number within [0, 1]`,
  ],
  [
    "a misspelt key of a mood",
    withLines("  wander: { volence: 0.5 }"),
    `4:13 moods.wander.volence: found the unknown key "volence", expected one of valence, arousal, tempo, meter, phrase, key, style, stems, activity, form, progression, theme, takes, markers, inherit; did you mean "valence"?`,
  ],
  [
    "an unknown style",
    withLines("  wander: { style: game-ambiant }"),
    `4:20 moods.wander.style: found "game-ambiant", expected one of song, chamber, game-ambient, game-driving, role-playing, keyboard, groove; did you mean "game-ambient"?`,
  ],
  [
    "an unknown stem in a list",
    withLines("  wander: { stems: [melody, base] }"),
    `4:29 moods.wander.stems[1]: found "base", expected one of melody, counter, harmony, bass, drums; did you mean "bass"?`,
  ],
  [
    "an unknown stem in a map",
    withLines("  wander: { stems: { drum: 0.5 } }"),
    `4:22 moods.wander.stems.drum: found the unknown key "drum", expected one of melody, counter, harmony, bass, drums; did you mean "drums"?`,
  ],
  [
    "a stem's threshold out of range",
    withLines("  wander: { stems: { drums: 1.5 } }"),
    `4:29 moods.wander.stems.drums: found 1.5, expected a number within [0, 1], or a curve of 2 to 16 points within it such as [[0.3, 0], [0.6, 1]]`,
  ],
  [
    "a stem listed twice",
    withLines("  wander: { stems: [bass, bass] }"),
    `4:27 moods.wander.stems[1]: found "bass" a second time, expected each stem once`,
  ],
  [
    "a mood without stems",
    withLines("  wander: { stems: [] }"),
    `4:20 moods.wander.stems: found no stem, expected at least one stem`,
  ],
  [
    "stems that are neither list nor map",
    withLines("  wander: { stems: all }"),
    `4:20 moods.wander.stems: found "all", expected a list of stems, or a map from stems to the intensity at which each comes in`,
  ],
  [
    "a place with an unknown mood",
    withLines("locations:\n  cave: { mood: clam }"),
    `5:17 locations.cave.mood: found "clam", expected one of calm; did you mean "calm"?`,
  ],
  [
    "a place that a condition could not name",
    withLines("locations: { not: }"),
    `4:14 locations.not: found the name "not", expected another name, for this one is reserved`,
  ],
  [
    "a mood that inherits from an unknown one",
    withLines("  wild: { inherit: clam }"),
    `4:20 moods.wild.inherit: found "clam", expected one of calm, wild; did you mean "calm"?`,
  ],
  [
    "a mood that inherits from itself",
    withLines("  wild: { inherit: dark }\n  dark: { inherit: wild }"),
    `4:20 moods.wild.inherit: found "wild" from "dark", expected a mood that does not inherit from itself in the end`,
  ],
  [
    "an alias of nothing",
    withLines("  danger: { valence: *sad }"),
    `4:22 moods.danger.valence: found "*sad", expected an alias of an anchor that is complete before it`,
  ],
  [
    "an unknown YAML tag",
    withLines("title: !secret x"),
    `4:8 found broken YAML: Unresolved tag: !secret, expected well-formed YAML or JSON`,
  ],
  [
    "tabs as indentation",
    "attacca: 1\nmoods:\n\tcalm:",
    `3:1 found broken YAML: Tabs are not allowed as indentation, expected well-formed YAML or JSON`,
  ],
  [
    "a second document",
    withLines("---\nattacca: 1"),
    `4:1 found broken YAML: a second document, expected well-formed YAML or JSON`,
  ],
];

describe("mistakes in a score", () => {
  it.each(MISTAKES)("%s is the one issue, reported where it stands", (_, text, line) => {
    expect(issuesOf(text).map((issue) => formatIssue(issue))).toEqual([`score:${line}`]);
  });

  it("come as data, with the nearest name only where there is one", () => {
    expect(issuesOf(withLines("tempi: 90\ntempo: 9"))).toEqual([
      {
        path: "tempi",
        line: 4,
        column: 1,
        found: 'the unknown key "tempi"',
        expected: TOP,
        nearest: "tempo",
      },
      {
        path: "tempo",
        line: 5,
        column: 8,
        found: "9",
        expected: "a tempo within [40, 240] beats per minute",
      },
    ]);
  });

  it("are all reported at once, in the order of the text", () => {
    const text = `attacca: 3
tempo: fast
key: H major
signals:
  health: { range: [0, 100], initial: 200, attack: 3 }
moods:
  wander: { valence: 7, arousal: x }
  wander: { valence: 0 }
  danger: { stems: [drums, harp], them: hero }
locations:
  cave: { palette: ice, mood: dangr }
rules:
  - { when: "health << 20", mood: wandr }
transitions:
  - { from: cave, to: any, at: noon, fade: long }
`;
    expect(issuesOf(text).map((issue) => `${issue.line}:${issue.column} ${issue.path}`)).toEqual([
      "1:10 attacca",
      "2:8 tempo",
      "3:6 key",
      "5:39 signals.health.initial",
      "5:52 signals.health.attack",
      "7:22 moods.wander.valence",
      "7:34 moods.wander.arousal",
      "8:3 moods.wander",
      "9:28 moods.danger.stems[1]",
      "9:35 moods.danger.them",
      "11:20 locations.cave.palette",
      "11:31 locations.cave.mood",
      "13:13 rules[0].when",
      "13:35 rules[0].mood",
      "15:13 transitions[0].from",
      "15:32 transitions[0].at",
      "15:44 transitions[0].fade",
    ]);
  });

  it("inside an alias are reported where the anchor is written", () => {
    const text = withLines("  a: &sad { valence: -2 }\n  b: *sad");
    expect(issuesOf(text).map(({ path, line, column }) => [path, line, column])).toEqual([
      ["moods.a.valence", 4, 22],
      ["moods.b.valence", 4, 22],
    ]);
  });

  it("are found in JSON and behind Windows line ends", () => {
    expect(
      issuesOf('{\n\t"attacca": 1,\n\t"moods": { "calm": { "valence": 2 } }\n}'),
    ).toMatchObject([{ line: 3, column: 34, path: "moods.calm.valence" }]);
    expect(issuesOf("attacca: 1\r\nmoods:\r\n  calm: { valence: 2 }")).toMatchObject([
      { line: 3, column: 20 },
    ]);
  });
});

describe("formatIssue", () => {
  it("prints one line as compilers do, with a suggestion where there is one", () => {
    const [issue] = issuesOf(withLines("  wander: { valence: happy }"));
    expect(issue && formatIssue(issue, "forest.score.yaml")).toBe(
      'forest.score.yaml:4:22 moods.wander.valence: found "happy", expected a number within [-1, 1]',
    );
    const [misspelt] = issuesOf(withLines("tempi: 90"));
    expect(misspelt && formatIssue(misspelt)).toBe(
      `score:4:1 tempi: found the unknown key "tempi", expected ${TOP}; did you mean "tempo"?`,
    );
  });

  it("never lets a score write control characters or more than a few lines to the terminal", () => {
    const text = withLines(`  "a\\e[31m\\u202e": { valence: "\\e[2J\\x9b ${"x".repeat(10_000)}" }`);
    for (const issue of issuesOf(text)) {
      const line = formatIssue(issue);
      expect(line).toMatch(/^[\u0020-\u007e…]*$/u);
      expect(line.length).toBeLessThan(400);
    }
  });
});
