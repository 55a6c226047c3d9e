import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import { issuesOf } from "../../helpers/score.ts";

const withMood = (mood: string, rest = ""): string =>
  `attacca: 1\nmoods:\n  calm: ${mood}\n  fight: { inherit: calm }\n${rest}`;

/** What is wrong with markers, the score, and its one issue as `formatIssue` prints it. */
const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
  [
    "a marker whose name is none",
    withMood('{ markers: { "a b": 1 bar } }'),
    '3:22 moods.calm.markers["a b"]: found the name "a b", expected a name of at most 64 letters, digits, _, - and . that begins with a letter',
  ],
  [
    "a marker named as every object's property",
    withMood("{ markers: { toString: 1 bar } }"),
    '3:22 moods.calm.markers.toString: found the name "toString", expected a name of at most 64 letters, digits, _, - and . that begins with a letter',
  ],
  [
    "a marker without a place",
    withMood("{ markers: { turn: } }"),
    '3:28 moods.calm.markers.turn: found nothing, expected a length in bars or beats such as "2 bars"',
  ],
  [
    "a marker in seconds",
    withMood("{ markers: { turn: 2s } }"),
    '3:28 moods.calm.markers.turn: found "2s", expected a length in bars or beats such as "2 bars"',
  ],
  [
    "a marker at the end of the phrase",
    withMood("{ markers: { turn: 4 bars } }"),
    '3:28 moods.calm.markers.turn: found "4 bars", expected a place before the end of the phrase, which has 4 bars of 4/4',
  ],
  [
    "a marker beyond the phrase, in beats of the mood's meter",
    withMood("{ meter: 6/8, markers: { late: 7.9 beats, after: 8 beats } }"),
    '3:58 moods.calm.markers.after: found "8 beats", expected a place before the end of the phrase, which has 4 bars of 6/8',
  ],
  [
    "a marker beyond the score's phrase",
    withMood("{ markers: { turn: 5 bars } }", "phrase: 5 bars\nmeter: 3/4"),
    '3:28 moods.calm.markers.turn: found "5 bars", expected a place before the end of the phrase, which has 5 bars of 3/4',
  ],
  [
    "a marker that a heir's shorter phrase does not reach",
    "attacca: 1\nmoods:\n  long: { phrase: 8 bars, markers: { turn: 6 bars } }\n  short: { inherit: long, phrase: 4 bars }\n  same: { inherit: short }",
    '4:21 moods.short.inherit: found the marker "turn" at "6 bars", expected a place before the end of the phrase, which has 4 bars of 4/4',
  ],
  [
    "a transition at a marker that no mood has",
    withMood(
      "{ markers: { turn: 2 bars } }",
      "transitions:\n  - { from: any, to: any, at: marker trun }",
    ),
    '6:31 transitions[0].at: found "marker trun", expected a marker that a mood has: one of turn; did you mean "turn"?',
  ],
  [
    "a stinger at a marker where there is none",
    withMood("", "stingers: { alarm: { at: marker turn } }"),
    '5:26 stingers.alarm.at: found "marker turn", expected a marker that a mood has: no name, for none is known',
  ],
];

it.each(MISTAKES)("%s is the one issue, reported where it stands", (_, text, issue) => {
  expect(issuesOf(text).map((found) => formatIssue(found))).toEqual([`score:${issue}`]);
});

it("a mood takes 16 markers and no more", () => {
  const markers = (count: number): string =>
    Array.from({ length: count }, (_, index) => `m${index}: ${index / 8} bars`).join(", ");
  expect(issuesOf(withMood(`{ markers: { ${markers(16)} } }`))).toEqual([]);
  expect(issuesOf(withMood(`{ markers: { ${markers(17)} } }`))).toMatchObject([
    { path: "moods.calm.markers", found: "17 markers", expected: "at most 16" },
  ]);
});

it("a heir's own phrase is as long as its marker needs", () => {
  const heir = "  long: { inherit: calm, phrase: 8 bars, markers: { turn: 6 bars } }";
  expect(issuesOf(withMood("{ markers: { turn: 2 bars } }", heir))).toEqual([]);
});

describe("a transition that waits for a marker", () => {
  function warningsOf(from: string, at: string): readonly string[] {
    const text = withMood(
      "{ markers: { turn: 2 bars } }",
      `  rest: { inherit: fight, markers: { end: 3 bars } }\nlocations: { wood: { mood: rest } }\ntransitions:\n  - { from: ${from}, to: any, at: ${at} }`,
    );
    const parsed = parseScore(text, { palettes: ["plucked"] });
    if (!parsed.ok) throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
    return parsed.warnings.map((issue) => formatIssue(issue, "score", "warning"));
  }

  it("is warned of where no mood that it leaves has one of that name", () => {
    expect(warningsOf("rest", "marker turn")).toEqual([
      "score:8:32 warning: transitions[0].at: found a marker that no mood has from which it goes, expected a marker of one of them: without it the change waits for the phrase",
    ]);
    expect(warningsOf("rest", "marker end")).toEqual([]);
    expect(warningsOf("[rest, calm]", "marker turn")).toEqual([]);
  });

  it("finds the markers that a mood inherits, and those of its heirs", () => {
    expect(warningsOf("fight", "marker turn")).toEqual([]);
    expect(warningsOf("calm", "marker end")).toEqual([]);
  });

  it("is not warned of where it leaves any mood, or any marker will do", () => {
    expect(warningsOf("any", "marker turn")).toEqual([]);
    expect(warningsOf("rest", "marker")).toEqual([]);
  });
});
