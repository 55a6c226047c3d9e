import { expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { issuesOf, withLines } from "../../helpers/score.ts";

it.each([
  [
    "a bridge",
    withLines("transitions:\n  - { from: any, to: any, bridge: 9 bars }"),
    '5:35 transitions[0].bridge: found "9 bars", expected none, or 1 to 8 whole bars such as "2 bars"',
  ],
  [
    "how far the music steps back",
    withLines("stingers: { alarm: { duck: 4dB } }"),
    '4:28 stingers.alarm.duck: found "4dB", expected a level within [-60dB, 0dB] such as "-4dB"',
  ],
])("%s that is written short is at fault where it stands", (_, text, issue) => {
  expect(issuesOf(text).map((found) => formatIssue(found))).toEqual([`score:${issue}`]);
});
