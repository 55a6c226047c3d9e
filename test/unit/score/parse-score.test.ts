import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";
import type { Score } from "../../../engine/score/score.ts";

const PALETTES = ["plucked", "crystal"];

function scoreOf(text: string, palettes: readonly string[] = PALETTES): Score {
  const parsed = parseScore(text, { palettes });
  if (parsed.ok) return parsed.score;
  throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
}

const BARE = "attacca: 1\nmoods:\n  calm:\n";
const ALWAYS = { melody: 0, counter: 0, harmony: 0, bass: 0, drums: 0 };

describe("a score with a mood and nothing else", () => {
  it("gets every default", () => {
    const { signals, ...score } = scoreOf(BARE);
    expect(score).toEqual({
      title: "Untitled",
      tempo: 96,
      key: { tonic: 0, mode: "ionian" },
      palette: "plucked",
      palettes: [],
      themes: [],
      takes: [],
      moods: [
        {
          name: "calm",
          ancestors: [],
          valence: 0,
          arousal: 0.5,
          tempo: 96,
          meter: "4/4",
          phrase: 4,
          key: { tonic: 0, mode: "ionian" },
          style: undefined,
          stems: ALWAYS,
          activity: {},
          form: [
            { letter: "A", primes: 0 },
            { letter: "A", primes: 1 },
            { letter: "B", primes: 0 },
            { letter: "A", primes: 0 },
          ],
          progressions: [],
          theme: undefined,
          takes: {},
          markers: [],
        },
      ],
      locations: [],
      stingers: [],
      rules: [],
      transitions: [
        {
          from: ["any"],
          to: ["any"],
          at: "bar",
          enter: undefined,
          fade: { value: 1, unit: "bars" },
          bridge: undefined,
          stinger: undefined,
        },
      ],
    });
    expect({ ...signals }).toEqual({
      intensity: { range: [0, 1], initial: 0, attack: 0.4, release: 4, curve: [], deadBand: 0 },
    });
  });
});

describe("defaults", () => {
  it("let a mood follow the score's tempo and key unless it has its own", () => {
    const { moods } = scoreOf(
      "attacca: 1\ntempo: 120\nkey: D dorian\nmoods:\n  a:\n  b: { tempo: 60.5, key: F# minor }",
    );
    expect(moods).toMatchObject([
      { tempo: 120, key: { tonic: 2, mode: "dorian" } },
      { tempo: 60.5, key: { tonic: 6, mode: "aeolian" } },
    ]);
  });

  it("let a location follow the score's palette and leave its mood open", () => {
    const { locations } = scoreOf(
      `${BARE}palette: crystal\nlocations:\n  wood:\n  cave: { palette: plucked, mood: calm }`,
    );
    const colour = { room: undefined, brightness: 1, level: 0 };
    expect(locations).toEqual([
      { name: "wood", palette: "crystal", mood: undefined, colour },
      { name: "cave", palette: "plucked", mood: "calm", colour },
    ]);
  });

  it("let a location blend two palettes, as a list or by weights", () => {
    const { locations } = scoreOf(
      `${BARE}locations:\n  wood: { palette: [crystal, plucked] }\n  cave: { palette: { crystal: 0.2, plucked: 0.6 } }`,
    );
    expect(locations.map(({ palette }) => palette)).toEqual([
      "crystal + 50% plucked",
      "plucked + 25% crystal",
    ]);
  });

  it("start a signal at the bottom of its range", () => {
    const { signals } = scoreOf(`${BARE}signals:\n  depth: { range: [-20, 5] }`);
    expect(signals["depth"]).toEqual({
      range: [-20, 5],
      initial: -20,
      attack: 0.4,
      release: 0.4,
      curve: [],
      deadBand: 0,
    });
    expect(Object.keys(signals)).toEqual(["intensity", "depth"]);
  });

  it("let a rule begin and end at any time, where its condition begins and stops being true", () => {
    const { rules } = scoreOf(`${BARE}rules:\n  - { when: intensity > 0.5, mood: calm }`);
    expect(rules).toEqual([
      {
        when: { kind: "signal", signal: "intensity", comparison: ">", value: 0.5 },
        until: { kind: "signal", signal: "intensity", comparison: "<=", value: 0.5 },
        mood: "calm",
        dwell: { value: 0, unit: "seconds" },
        cooldown: 0,
        priority: 0,
      },
    ]);
  });

  it("append no last transition where the score has one from any to any", () => {
    const { transitions } = scoreOf(
      `${BARE}transitions:\n  - { from: any, to: any, at: phrase, fade: 400ms }\n  - { from: calm, to: any }`,
    );
    expect(transitions).toEqual([
      { from: ["any"], to: ["any"], at: "phrase", fade: { value: 0.4, unit: "seconds" } },
      { from: ["calm"], to: ["any"], at: "bar", fade: { value: 1, unit: "bars" } },
    ]);
  });
});

describe("written forms", () => {
  it.each([
    ["1 bar", { value: 1, unit: "bars" }],
    ["2 bars", { value: 2, unit: "bars" }],
    ["1 beat", { value: 1, unit: "beats" }],
    ["0.5 beats", { value: 0.5, unit: "beats" }],
    ["400ms", { value: 0.4, unit: "seconds" }],
    ["4s", { value: 4, unit: "seconds" }],
    ["1.5 s", { value: 1.5, unit: "seconds" }],
    ["0s", { value: 0, unit: "seconds" }],
  ])("%s is a length", (fade, length) => {
    const { transitions } = scoreOf(
      `${BARE}transitions:\n  - { from: any, to: any, fade: ${fade} }`,
    );
    expect(transitions[0]?.fade).toEqual(length);
  });

  it("take from a mood's ancestors what it does not say itself", () => {
    const { moods } = scoreOf(
      `attacca: 1\nmoods:\n  fight: { valence: -0.4, tempo: 132, stems: [drums, bass] }\n  boss: { inherit: fight, tempo: 150 }\n  last: { inherit: boss, stems: [melody] }`,
    );
    expect(
      moods.map(({ name, ancestors, valence, tempo, stems }) => [
        name,
        ancestors,
        valence,
        tempo,
        Object.keys(stems),
      ]),
    ).toEqual([
      ["fight", [], -0.4, 132, ["bass", "drums"]],
      ["boss", ["fight"], -0.4, 150, ["bass", "drums"]],
      ["last", ["boss", "fight"], -0.4, 150, ["melody"]],
    ]);
  });

  it("name one mood or a list of them in a transition, and any sync point", () => {
    const { transitions } = scoreOf(
      `${BARE}transitions:\n  - { from: [calm, any], to: calm, at: immediate }\n  - { from: any, to: any, at: 2 bars }`,
    );
    expect(transitions.map(({ from, to, at }) => [from, to, at])).toEqual([
      [["calm", "any"], ["calm"], "immediate"],
      [["any"], ["any"], "2 bars"],
    ]);
  });

  it("give stems as a list, each always heard, or with the intensity each comes in at", () => {
    const { moods } = scoreOf(
      "attacca: 1\nmoods:\n  a: { stems: [bass, melody] }\n  b: { stems: { drums: 0.6, bass: 0 } }",
    );
    expect(moods.map(({ stems }) => stems)).toEqual([
      { melody: 0, bass: 0 },
      { bass: 0, drums: 0.6 },
    ]);
  });

  it("mean the same in JSON, with a byte order mark, and through an alias", () => {
    const json = JSON.stringify({ attacca: 1, moods: { calm: null, sad: { valence: -0.5 } } });
    const yaml = "attacca: 1\nmoods: { calm: , sad: { valence: -0.5 } }";
    const alias =
      "attacca: 1\nmoods:\n  calm:\n  sad: { valence: &low -0.5 }\n  low: { valence: *low }";
    expect(scoreOf(json)).toEqual(scoreOf(yaml));
    expect(scoreOf(`\ufeff${yaml}`)).toEqual(scoreOf(yaml));
    expect(scoreOf(alias).moods.map(({ valence }) => valence)).toEqual([0, -0.5, -0.5]);
  });

  it("keep yes, dates and octals as YAML 1.2 has them, whatever %YAML says", () => {
    expect(scoreOf("%YAML 1.1\n---\nattacca: 1\ntitle: yes\nmoods: { calm: }").title).toBe("yes");
    expect(scoreOf(`${BARE}title: 2001-01-01`).title).toBe("2001-01-01");
    expect(scoreOf(`${BARE}tempo: 096`).tempo).toBe(96);
  });

  it("take names in any alphabet", () => {
    expect(scoreOf("attacca: 1\nmoods:\n  forêt-2:\n  森:").moods.map(({ name }) => name)).toEqual([
      "forêt-2",
      "森",
    ]);
  });
});

describe("parseScore", () => {
  it("throws RangeError without a palette, for that is the caller's slip", () => {
    expect(() => parseScore(BARE, { palettes: [] })).toThrow(
      new RangeError("palettes must name at least one palette"),
    );
  });

  it("gives signals no inherited names", () => {
    const { signals } = scoreOf(BARE);
    expect(signals["constructor"]).toBeUndefined();
    expect(signals["__proto__"]).toBeUndefined();
  });
});

describe("docs/score.md", () => {
  const text = readFileSync(new URL("../../../docs/score.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/```yaml\n([^`]*)```/g)].map(([, yaml = ""]) => yaml);

  it("holds a complete example without a mistake", () => {
    const { moods, locations, rules, transitions } = scoreOf(examples[0] ?? "");
    expect(moods.map(({ name }) => name)).toEqual(["wander", "mystery", "danger"]);
    expect(locations).toHaveLength(2);
    expect(rules).toHaveLength(2);
    expect(transitions).toHaveLength(4);
  });
});
