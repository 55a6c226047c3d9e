import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";

/** Warnings of a score of these lines, after one with the version. */
function warningsOf(lines: string): readonly string[] {
  const text = `attacca: 1\n${lines}`;
  const parsed = parseScore(text, { palettes: ["plucked"] });
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
  return parsed.warnings.map((issue) => formatIssue(issue, "score", "warning"));
}

const MOODS = "moods: { calm: , danger: , chase: { inherit: danger } }\n";
const ASKED =
  "rules:\n  - { when: intensity > 0.7, until: intensity < 0.5, mood: chase }\n" +
  "  - { when: intensity < 0.1, until: intensity > 0.2, mood: danger }\n";

describe("a score is warned of what does nothing in it:", () => {
  it.each([
    ["themes: { tune: { notes: D4 1/1 } }", "themes.tune", "theme"],
    ["takes: { groove: { audio: a.ogg, tempo: 96, length: 4 bars } }", "takes.groove", "take"],
    ["forms: { song: A B A }", "forms.song", "form"],
    ["progressions: { dusk: i VI }", "progressions.dusk", "progression"],
  ])("%s, which nothing names", (line, path, noun) => {
    expect(warningsOf(`${line}\n${MOODS}${ASKED}`)).toEqual([
      expect.stringContaining(`warning: ${path}: found a ${noun} that nothing names, expected`),
    ]);
  });

  it("nothing of what a mood, a bridge or a stinger names", () => {
    const take = "{ audio: a.ogg, tempo: 96, length: 2 bars }";
    const parts =
      "themes: { tune: { notes: D4 1/1 }, call: { notes: D4 1/1 } }\n" +
      `takes: { groove: ${take}, fill: ${take}, hit: ${take} }\n` +
      "forms: { song: A B A }\nprogressions: { dusk: i VI, hope: iv VII }\n" +
      "moods: { calm: { theme: tune, form: song, progression: [dusk, hope], takes: { drums: groove } } }\n" +
      "stingers: { s: { theme: call }, t: { take: hit } }\nlocations: { a: , b: { palette: plucked } }\n" +
      "transitions: [{ from: any, to: any, bridge: { length: 2 bars, takes: { drums: fill } } }]\n";
    // The one mood leads nowhere: that is said, and nothing else.
    expect(warningsOf(parts)).toEqual([expect.stringContaining("transitions[0].bridge")]);
  });

  it("a signal of which no rule asks, but for intensity, which stems follow", () => {
    const signals = "signals:\n  intensity: { attack: 1s }\n  health: { range: [0, 9] }\n";
    expect(warningsOf(`${signals}${MOODS}${ASKED}`)).toEqual([
      "score:4:3 warning: signals.health: found a signal that changes nothing, expected a rule whose condition names it",
    ]);
    const asks = `${ASKED}  - { when: intensity > 0.9, until: intensity < 0.9 and health > 3, mood: calm, priority: 1 }\n`;
    expect(warningsOf(`${signals}${MOODS}${asks}`)).toEqual([]);
  });

  it.each([
    ["stems: [drums, bass]", "melody among the mood's stems"],
    ["takes: { melody: line }", "a melody that plays no take"],
    ["form: A' B", "a form with a plain A, which states it"],
  ])("the theme of a mood with %s", (more, expected) => {
    const parts =
      "themes: { tune: { notes: D4 1/1 } }\n" +
      "takes: { line: { audio: a.ogg, tempo: 96, length: 4 bars } }\n" +
      "stingers: { s: { take: line } }\n";
    expect(warningsOf(`${parts}moods: { calm: { theme: tune } }\n`)).toEqual([]);
    expect(warningsOf(`${parts}moods: { calm: { theme: tune, ${more} } }\n`)).toEqual([
      `score:5:25 warning: moods.calm.theme: found a theme that is never heard, expected ${expected}`,
    ]);
  });

  it("the theme of a stinger without melody", () => {
    const stinger = (more: string): readonly string[] =>
      warningsOf(
        `themes: { tune: { notes: D4 1/1 } }\nstingers: { s: { theme: tune${more} } }\nmoods: { calm: }\n`,
      );
    expect(stinger("")).toEqual([]);
    expect(stinger(", stems: [drums, melody]")).toEqual([]);
    expect(stinger(", stems: [drums]")).toEqual([
      "score:3:25 warning: stingers.s.theme: found a theme that is never heard, expected melody among the stinger's stems",
    ]);
  });

  it("the stinger of a transition to a mood in which it may not sound", () => {
    const transition = (to: string, moods: string): readonly string[] =>
      warningsOf(
        `${MOODS}${ASKED}stingers: { s: { moods: ${moods} } }\ntransitions:\n  - { from: calm, to: ${to}, stinger: s }\n`,
      );
    expect(transition("danger", "any")).toEqual([]);
    expect(transition("chase", "danger")).toEqual([]);
    expect(transition("[calm, danger]", "danger")).toEqual([]);
    expect(transition("danger", "[calm]")).toEqual([
      'score:8:40 warning: transitions[0].stinger: found a stinger that may not sound in the mood to which it goes, expected that mood among the "moods" of s',
    ]);
  });

  it("a bridge from a mood to itself, and none where other moods are meant too", () => {
    const bridge = (mood: string): readonly string[] =>
      warningsOf(
        `${MOODS}${ASKED}transitions:\n  - { from: ${mood}, to: ${mood}, bridge: 2 bars }\n`,
      );
    expect(bridge("danger")).toEqual([]);
    expect(bridge("calm")).toEqual([
      "score:7:37 warning: transitions[0].bridge: found a bridge from a mood to itself, which is never crossed, expected another mood to which it leads",
    ]);
  });

  it("a rule that never ends, or always holds", () => {
    const rule = (text: string): readonly string[] => warningsOf(`${MOODS}rules:\n  - ${text}\n`);
    const expected =
      "expected one that some values of its signals and some place meet, and others do not";
    expect(rule("{ when: intensity > 0.7, until: intensity < 0, mood: chase }")).toEqual([
      `score:4:37 warning: rules[0].until: found an end that never comes, ${expected}`,
    ]);
    expect(rule("{ when: intensity >= 0, mood: chase }")).toEqual([
      `score:4:13 warning: rules[0].when: found a condition that is always true, ${expected}`,
    ]);
  });
});
