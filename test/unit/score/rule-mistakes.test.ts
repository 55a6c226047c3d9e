import { expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { issuesOf, withLines } from "../../helpers/score.ts";

/** What is wrong in a rule or a transition, the score, and its one issue as `formatIssue` prints it. */
const MISTAKES: readonly (readonly [what: string, text: string, issue: string])[] = [
  [
    "a rule that is no condition",
    withLines('rules:\n  - { when: "process.exit()", mood: calm }'),
    `5:13 rules[0].when: found "process.exit()", expected a condition such as "intensity > 0.7 and location is cave": <, <=, > or >= after "process.exit" where "(" stands`,
  ],
  [
    "a rule on an unknown signal",
    withLines("rules:\n  - { when: intensty > 0.7, mood: calm }"),
    `5:13 rules[0].when: found "intensty > 0.7", expected a signal: one of intensity; did you mean "intensity"?`,
  ],
  [
    "a threshold that the signal never reaches",
    withLines("rules:\n  - { when: intensity > 70, mood: calm }"),
    `5:13 rules[0].when: found "intensity > 70", expected a number within the signal's range [0, 1]`,
  ],
  [
    "a rule that would begin and end at once",
    withLines("rules:\n  - when: intensity > 0.5\n    until: intensity < 0.7\n    mood: calm"),
    `6:12 rules[0].until: found "intensity < 0.7", expected a condition that is never true together with "intensity > 0.5"`,
  ],
  [
    "a rule that would begin and end at once, in one place",
    withLines(
      "locations: { cave: }\nrules:\n  - when: intensity > 0.5 and location is cave\n    until: location is cave and intensity < 0.6 or intensity < 0.2\n    mood: calm",
    ),
    `7:12 rules[0].until: found "location is cave and intensity < 0.6 or …", expected a condition that is never true together with "intensity > 0.5 and location is cave"`,
  ],
  [
    "a rule in an unknown place",
    withLines("locations: { cave: }\nrules:\n  - { when: location is cove, mood: calm }"),
    `6:13 rules[0].when: found "location is cove", expected a location: one of cave; did you mean "cave"?`,
  ],
  [
    "a dwell without a unit",
    withLines("rules:\n  - { when: intensity > 0.5, mood: calm, for: 4 }"),
    `5:47 rules[0].for: found 4, expected a length of at most 32 bars, 128 beats or 60s such as "1 bar" or "4s"`,
  ],
  [
    "a rule without a mood",
    withLines("rules:\n  - when: intensity > 0.5"),
    `5:5 rules[0].mood: found nothing, expected a name`,
  ],
  [
    "a grid that is too wide",
    withLines("transitions:\n  - { from: any, to: any, at: 64 bars }"),
    `5:31 transitions[0].at: found "64 bars", expected one of immediate, beat, bar, phrase, marker, "marker" and its name, or a grid of 1 to 32 bars or beats such as "2 bars"`,
  ],
  [
    "a list with an unknown mood",
    withLines("transitions:\n  - { from: [calm, clam], to: any }"),
    `5:20 transitions[0].from[1]: found "clam", expected one of calm, any; did you mean "calm"?`,
  ],
  [
    "a transition to an unknown mood",
    withLines("transitions:\n  - { from: any, to: calmer }"),
    `5:22 transitions[0].to: found "calmer", expected one of calm, any; did you mean "calm"?`,
  ],
  [
    "a sync point with a capital",
    withLines("transitions:\n  - { from: any, to: any, at: Beat }"),
    `5:31 transitions[0].at: found "Beat", expected one of immediate, beat, bar, phrase, marker, "marker" and its name, or a grid of 1 to 32 bars or beats such as "2 bars"; did you mean "beat"?`,
  ],
  [
    "a fade without its unit",
    withLines("transitions:\n  - { from: any, to: any, fade: 2 }"),
    `5:33 transitions[0].fade: found 2, expected a fade of at most 32 bars, 128 beats or 60s such as "1 bar" or "400ms"`,
  ],
  [
    "a negative fade",
    withLines("transitions:\n  - { from: any, to: any, fade: -1 bar }"),
    `5:33 transitions[0].fade: found "-1 bar", expected a fade of at most 32 bars, 128 beats or 60s such as "1 bar" or "400ms"`,
  ],
  [
    "a bridge that is too long",
    withLines("transitions:\n  - { from: any, to: any, bridge: 9 bars }"),
    `5:35 transitions[0].bridge: found "9 bars", expected none, or 1 to 8 whole bars such as "2 bars"`,
  ],
];

it.each(MISTAKES)("%s is the one issue, reported where it stands", (_, text, issue) => {
  expect(issuesOf(text).map((found) => formatIssue(found))).toEqual([`score:${issue}`]);
});
