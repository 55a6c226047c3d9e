import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";

function warningsOf(text: string): readonly string[] {
  const parsed = parseScore(text, { palettes: ["plucked"] });
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
  return parsed.warnings.map((issue) => formatIssue(issue, "score", "warning"));
}

const MOODS = "attacca: 1\nmoods: { calm: , danger: , chase: { inherit: danger } }\n";
const RULE = "{ when: intensity > 0.7, until: intensity < 0.5, mood: chase }";

describe("a score is warned of", () => {
  it("a mood that nothing asks for", () => {
    expect(warningsOf("attacca: 1\nmoods:\n  calm:\n  storm:\n")).toEqual([
      "score:4:3 warning: moods.storm: found a mood that nothing asks for, expected a rule or a location that names it, a mood that inherits from it, or a game that holds it",
    ]);
  });

  it("the first mood, where every place has another", () => {
    const text = `${MOODS}locations: { wood: { mood: danger } }\nrules:\n  - ${RULE}\n`;
    expect(warningsOf(text).map((line) => line.slice(0, 34))).toEqual([
      "score:2:10 warning: moods.calm: fo",
    ]);
  });

  it("a transition that an earlier one shadows", () => {
    const text = `${MOODS}rules:\n  - ${RULE}\ntransitions:\n  - { from: any, to: [danger] }\n  - { from: calm, to: chase }\n  - { from: danger, to: any }\n`;
    expect(warningsOf(text)).toEqual([
      "score:7:5 warning: transitions[1]: found a transition that never comes first, expected the special ones before the general ones",
    ]);
  });

  it("a rule that another overrules whenever it holds", () => {
    const weaker = "{ when: intensity > 0.9, until: intensity < 0.6, mood: danger }";
    expect(warningsOf(`${MOODS}rules:\n  - ${RULE}\n  - ${weaker}\n`)).toEqual([
      "score:5:5 warning: rules[1]: found a rule that rules[0] overrules whenever it holds, expected another condition, or a higher priority",
    ]);
    const other = "{ when: intensity > 0.9, until: intensity < 0.4, mood: danger }";
    expect(warningsOf(`${MOODS}rules:\n  - ${RULE}\n  - ${other}\n`)).toEqual([]);
    expect(warningsOf(`${MOODS}rules:\n  - ${weaker}\n  - ${RULE}\n`)).toEqual([]);
  });

  it("a rule that may flicker", () => {
    const rule = (more: string): string =>
      `${MOODS}rules:\n  - { when: intensity > 0.7, mood: chase${more} }\n`;
    expect(warningsOf(rule(""))).toEqual([
      "score:4:13 warning: rules[0].when: found a rule that begins and ends at the same threshold, and may flicker, expected an until beyond the threshold, a for or a cooldown",
    ]);
    expect(warningsOf(rule(", for: 2 bars"))).toEqual([]);
    expect(warningsOf(rule(", cooldown: 8s"))).toEqual([]);
  });

  it.each([
    ["intensity > 0.7", "intensity <= 0.7"],
    ["intensity > 0.7", "intensity < 0.7"],
    ["intensity >= 0.7", "not intensity >= 0.7"],
    ["intensity > 0.7 and location is cave", "intensity <= 0.7 or location is not cave"],
  ])("a rule that may flicker, as between %j and %j there is no room", (when, until) => {
    const rule = (more: string): readonly string[] =>
      warningsOf(
        `${MOODS}locations: { cave: , wood: }\nrules:\n  - { when: ${when}, until: ${until}, mood: chase${more} }\n`,
      );
    expect(rule("")).toEqual([
      expect.stringMatching(/^score:5:13 warning: rules\[0\]\.when: .* may flicker/),
    ]);
    expect(rule(", for: 0s, cooldown: 0s")).toHaveLength(1);
    expect(rule(", for: 1 beat")).toEqual([]);
  });

  it("no rule that has room between its thresholds, or follows places alone", () => {
    const rule = (when: string, until: string): readonly string[] =>
      warningsOf(
        `${MOODS}locations: { cave: , wood: }\nrules:\n  - { when: ${when}, until: ${until}, mood: chase }\n`,
      );
    expect(rule("intensity > 0.7", "intensity < 0.69")).toEqual([]);
    expect(rule("intensity > 0.7 and location is cave", "intensity < 0.6")).toEqual([]);
    expect(rule("location is cave", "location is not cave")).toEqual([]);
  });

  it("a condition that is never true, and the mood that nothing else asks for", () => {
    const rules = "rules:\n  - { when: intensity > 0.7 and intensity < 0.5, mood: chase }\n";
    expect(warningsOf(`${MOODS}${rules}`)).toEqual([
      expect.stringMatching(
        /^score:2:28 warning: moods\.chase: found a mood that nothing asks for/,
      ),
      "score:4:13 warning: rules[0].when: found a condition that is never true, expected one that some values of its signals and some place meet",
    ]);
  });

  it("a dwell longer than any phrase", () => {
    const dwell = (length: string): readonly string[] =>
      warningsOf(`${MOODS}rules:\n  - { when: intensity > 0.7, mood: chase, for: ${length} }\n`);
    expect(dwell("4 bars")).toEqual([]);
    expect(dwell("5 bars")).toEqual([
      "score:4:48 warning: rules[0].for: found a dwell longer than any phrase, expected at most 4 bars: the music cannot answer the game for so long",
    ]);
    expect(dwell("17 beats")).toHaveLength(1);
    expect(dwell("10s")).toEqual([]);
    expect(dwell("10.5s")).toHaveLength(1);
  });
});
