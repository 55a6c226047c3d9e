import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scoreJsonSchema } from "../../../engine/score/json-schema.ts";
import { issuesOf, withLines } from "../../helpers/score.ts";
import { refusedAt, shippedSchema } from "../../helpers/score-schema.ts";

const page = readFileSync("docs/score.md", "utf8");
const examples = [
  ...[...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text),
  ...["demo-game", "examples"].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".score.yaml"))
      .map((name) => readFileSync(`${folder}/${name}`, "utf8")),
  ),
].filter((text) => text.includes("attacca: 1"));

/** What the schema must refuse, and where. */
const WRONG: readonly (readonly [what: string, text: string, at: string])[] = [
  ["no version", "moods: { calm: }", ""],
  ["another version", "attacca: 2\nmoods: { calm: }", "/attacca"],
  ["no mood", "attacca: 1\nmoods:", "/moods"],
  ["an unknown key", withLines("tempi: 96"), ""],
  ["an unknown key of a mood", "attacca: 1\nmoods: { calm: { valance: 0.2 } }", "/moods/calm"],
  ["a name that is none", 'attacca: 1\nmoods: { "1st": }', "/moods"],
  ["a number out of range", "attacca: 1\nmoods: { calm: { valence: 1.5 } }", "/moods/calm/valence"],
  ["a number as text", withLines('tempo: "96"'), "/tempo"],
  ["a tempo too fast", withLines("tempo: 241"), "/tempo"],
  ["an unknown meter", withLines("meter: 5/4"), "/meter"],
  ["a key in no known mode", withLines("key: D dorien"), "/key"],
  ["a misspelt stem", "attacca: 1\nmoods: { calm: { stems: [melodi] } }", "/moods/calm/stems/0"],
  [
    "a misspelt stem's level",
    "attacca: 1\nmoods: { calm: { stems: { base: 0 } } }",
    "/moods/calm/stems",
  ],
  ["half a bar of phrase", withLines("phrase: 4.5 bars"), "/phrase"],
  ["a phrase without its unit", withLines("phrase: 4"), "/phrase"],
  [
    "a time in bars",
    withLines("signals: { intensity: { attack: 1 bar } }"),
    "/signals/intensity/attack",
  ],
  [
    "a time too long",
    withLines("signals: { intensity: { attack: 60001ms } }"),
    "/signals/intensity/attack",
  ],
  [
    "a range of one number",
    withLines("signals: { health: { range: [0] } }"),
    "/signals/health/range",
  ],
  [
    "a marker in seconds",
    "attacca: 1\nmoods: { calm: { markers: { turn: 2s } } }",
    "/moods/calm/markers/turn",
  ],
  [
    "a level above 0 dB",
    withLines("locations: { cave: { colour: { level: 3dB } } }"),
    "/locations/cave/colour/level",
  ],
  [
    "a level below -60 dB",
    withLines("locations: { cave: { colour: { level: -60.5dB } } }"),
    "/locations/cave/colour/level",
  ],
  ["a rule without a condition", withLines("rules: [{ mood: calm }]"), "/rules/0"],
  ["a transition without an end", withLines("transitions: [{ from: any }]"), "/transitions/0"],
  [
    "a misspelt sync point",
    withLines("transitions: [{ from: any, to: any, at: bra }]"),
    "/transitions/0/at",
  ],
  [
    "a grid too wide",
    withLines("transitions: [{ from: any, to: any, at: 33 bars }]"),
    "/transitions/0/at",
  ],
  [
    "a fade too long",
    withLines("transitions: [{ from: any, to: any, fade: 32.5 bars }]"),
    "/transitions/0/fade",
  ],
  [
    "a bridge too long",
    withLines("transitions: [{ from: any, to: any, bridge: 9 bars }]"),
    "/transitions/0/bridge",
  ],
  [
    "a take for no stem of a bridge",
    withLines(
      "transitions: [{ from: any, to: any, bridge: { length: 1 bar, takes: { drum: a } } }]",
    ),
    "/transitions/0/bridge",
  ],
  [
    "a take without its tempo",
    withLines("takes: { a: { audio: a.ogg, length: 1 bar } }"),
    "/takes/a",
  ],
  [
    "a loop of one place",
    withLines("takes: { a: { audio: a.ogg, tempo: 96, length: 1 bar, loop: [1 bar] } }"),
    "/takes/a/loop",
  ],
  ["a stinger as a list", withLines("stingers: { alarm: [melody] }"), "/stingers/alarm"],
];

describe("the schema of scores", () => {
  it("is the one that is shipped (after a change of shape or wording: npm run schema)", () => {
    expect(shippedSchema).toEqual(scoreJsonSchema());
  });

  it("takes every example score", () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const text of examples) expect(refusedAt(parse(text)), text).toEqual([]);
    expect(refusedAt(parse("attacca: 1\nmoods: { calm: }"))).toEqual([]);
  });

  it.each(WRONG)("refuses %s, as parseScore does", (_, text, at) => {
    expect(refusedAt(parse(text))).toContain(at);
    expect(issuesOf(text)).not.toEqual([]);
  });

  it.each([
    [
      "fade",
      ["0 bars", "32 bars", "032.00bars", "31.99 bar", "128 beats", "99.5 beat", "60s", "60000ms"],
    ],
    [
      "fade",
      ["32.01 bars", "100 bars", "128.5 beats", "200 beats", "61s", "60000.1ms", "100000ms", "1 b"],
    ],
    [
      "at",
      [
        "beat",
        "1 bar",
        "32 beats",
        "marker",
        "marker turn",
        "0 bars",
        "1.5 bars",
        "marker 1",
        "bars",
      ],
    ],
    ["bridge", ["none", "1 bar", "8 bars", "0 bars", "9 bars", "2 beats"]],
  ] as const)("says of every %s what parseScore says: %j", (key, values) => {
    for (const value of values) {
      const text = `attacca: 1\nmoods: { calm: { markers: { turn: 1 bar } } }\ntransitions: [{ from: any, to: any, ${key}: ${value} }]`;
      expect([value, refusedAt(parse(text)).length === 0]).toEqual([
        value,
        issuesOf(text).length === 0,
      ]);
    }
  });

  it("explains every key", () => {
    const keys: string[] = [];
    const visit = (part: unknown): void => {
      if (typeof part !== "object" || part === null) return;
      for (const [key, inner] of Object.entries(
        "properties" in part ? (part.properties ?? {}) : {},
      )) {
        keys.push(key);
        expect(inner, key).toHaveProperty("description", expect.stringMatching(/^\S.*\.$/));
      }
      for (const inner of Object.values(part)) visit(inner);
    };
    visit(shippedSchema);
    expect(keys).toEqual(
      expect.arrayContaining(["attacca", "valence", "curve", "colour", "by", "fade"]),
    );
  });
});
