import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore, type ParsedScore } from "../../../engine/score/parse-score.ts";
import { issuesOf } from "../../helpers/score.ts";

const parsed = (text: string): Extract<ParsedScore, { ok: true }> => {
  const result = parseScore(text, { palettes: ["plucked"] });
  if (result.ok) return result;
  throw new Error(result.issues.map((issue) => formatIssue(issue)).join("\n"));
};

const DRUMS = "audio: drums.ogg, tempo: 120, length: 8 bars";
const withTake = (take: string, mood = "takes: { drums: beat }", beside = ""): string =>
  `attacca: 1\n${beside}takes:\n  beat: { ${take} }\nmoods:\n  calm: { tempo: 120, ${mood} }`;

describe("authored takes of a score", () => {
  it("are read with every default, and lengths in their own tempo and meter as seconds and bars", () => {
    const { score } = parsed(
      withTake(
        "audio: a/drums.ogg, tempo: 120, length: 8 bars, meter: 6/8, entry: 1 beat, tail: 2s, loop: [2 beats, 8 bars], level: -4dB",
        "meter: 6/8, takes: { drums: plain }",
        "meter: 3/4\n",
      ).replace("moods:", `  plain: { ${DRUMS} }\nmoods:`),
    );
    expect(score.takes).toEqual([
      {
        name: "beat",
        file: "a/drums.ogg",
        tempo: 120,
        meter: "6/8",
        bars: 8,
        entry: 0.75,
        tail: 2,
        loop: [1, 8],
        level: -4,
      },
      {
        name: "plain",
        file: "drums.ogg",
        tempo: 120,
        meter: "3/4",
        bars: 8,
        entry: 0,
        tail: 0,
        loop: [0, 8],
        level: 0,
      },
    ]);
  });

  it("are inherited stem by stem, until a mood says none", () => {
    const { score } = parsed(
      `${withTake(DRUMS, "takes: { drums: beat, bass: low }").replace("moods:", `  low: { ${DRUMS} }\nmoods:`)}
  storm: { inherit: calm, takes: { bass: none, melody: low } }
  calmer: { inherit: storm, takes: }`,
    );
    expect(score.moods.map(({ takes }) => takes)).toEqual([
      { drums: "beat", bass: "low" },
      { melody: "low", drums: "beat" },
      { melody: "low", drums: "beat" },
    ]);
  });

  it("are what a stinger plays, which knows its pickup and how long it lasts", () => {
    const { score } = parsed(
      `${withTake(`${DRUMS}, entry: 1 beat`)}
stingers:
  hit: { take: beat }
  long: { take: beat, length: 2 bars }
  plain:`,
    );
    const take = { name: "beat", pickup: 0.5, lasts: 16 };
    expect(score.stingers).toMatchObject([{ take, bars: 4 }, { take, bars: 2 }, { bars: 1 }]);
    expect(score.stingers[2]).not.toHaveProperty("take");
  });

  it("are what stems of a bridge play, which then keeps its tempo", () => {
    const bridges = [
      "{ length: 8 bars, takes: { drums: beat, bass: none } }",
      "{ length: 8 bars, tempo: ramp, stems: [harmony], takes: { bass: none } }",
      "{ length: 8 bars, takes: }",
      "{ length: none, takes: { drums: beat } }",
    ].map((bridge) => `\n  - { from: calm, to: calm, bridge: ${bridge} }`);
    const result = parseScore(`${withTake(DRUMS)}\ntransitions:${bridges.join("")}`, {
      palettes: ["plucked"],
    });
    if (!result.ok) throw new Error("the score has mistakes");
    expect(result.score.transitions.slice(0, 4).map(({ bridge }) => bridge)).toEqual([
      { bars: 8, tempo: "step", parts: { stems: undefined, takes: { drums: "beat" } } },
      { bars: 8, tempo: "ramp", parts: { stems: ["harmony"], takes: {} } },
      { bars: 8, tempo: "ramp" },
      undefined,
    ]);
  });

  it("are none where the score names none", () => {
    const { score } = parsed("attacca: 1\nmoods: { calm: }");
    expect(score.takes).toEqual([]);
    expect(score.moods[0]?.takes).toEqual({});
  });
});

/** A bridge of eight bars that also has these keys, between moods at 120. */
const inBridge = (keys: string): string =>
  `${withTake(DRUMS)}\ntransitions:\n  - { from: any, to: any, bridge: { length: 8 bars, ${keys} } }`;

/** What is wrong, the score, and its issues. */
const MISTAKES: readonly (readonly [what: string, text: string, issues: readonly string[]])[] = [
  [
    "a take that is not there",
    withTake(DRUMS, "takes: { drums: beet }"),
    [`5:39 moods.calm.takes.drums: found "beet", expected one of beat, none; did you mean "beat"?`],
  ],
  [
    "a stem that is not there",
    withTake(DRUMS, "takes: { drum: beat }"),
    [
      `5:32 moods.calm.takes.drum: found the unknown key "drum", expected one of melody, counter, harmony, bass, drums; did you mean "drums"?`,
    ],
  ],
  [
    "no file, no tempo and no length",
    withTake(""),
    [
      `3:9 takes.beat.audio: found nothing, expected an audio file such as "drums.ogg"`,
      `3:9 takes.beat.tempo: found nothing, expected a tempo within [40, 240] beats per minute`,
      `3:9 takes.beat.length: found nothing, expected 1 to 600 whole bars such as "8 bars"`,
    ],
  ],
  [
    "half a bar too much",
    withTake("audio: a.ogg, tempo: 120, length: 8.5 bars"),
    [`3:45 takes.beat.length: found "8.5 bars", expected 1 to 600 whole bars such as "8 bars"`],
  ],
  [
    "a loop beyond the end",
    withTake(`${DRUMS}, loop: [1 bar, 9 bars]`),
    [
      `3:63 takes.beat.loop: found ["1 bar", "9 bars"], expected two places a whole number of bars apart, the earlier first, within the take's 8 bars`,
    ],
  ],
  [
    "a loop that goes back to later",
    withTake(`${DRUMS}, loop: [7 bars, 1 bar]`),
    [
      `3:63 takes.beat.loop: found ["7 bars", "1 bar"], expected two places a whole number of bars apart, the earlier first, within the take's 8 bars`,
    ],
  ],
  [
    "a loop that would leave the grid",
    withTake(`${DRUMS}, loop: [1 bar, 30 beats]`),
    [
      `3:63 takes.beat.loop: found ["1 bar", "30 beats"], expected two places a whole number of bars apart, the earlier first, within the take's 8 bars`,
    ],
  ],
  [
    "a loop of one place",
    withTake(`${DRUMS}, loop: [1 bar]`),
    [
      `3:63 takes.beat.loop: found ["1 bar"], expected two places in bars or beats such as [1 bar, 7 bars]`,
    ],
  ],
  [
    "a tail that is never heard",
    withTake(`${DRUMS}, tail: 1s, loop: [0 bars, 7 bars]`),
    [
      `3:73 takes.beat.loop: found ["0 bars", "7 bars"], expected a loop that ends with the take's 8 bars, or no tail: what comes later is never heard`,
    ],
  ],
  [
    "more than ten minutes",
    withTake("audio: a.ogg, tempo: 100, length: 200 bars").replace(
      "moods:",
      `  other: { audio: b.ogg, tempo: 100, length: 51 bars }\nmoods:`,
    ),
    [
      "4:3 takes.other: found 603s of takes with this one, expected at most 600s of all takes together",
    ],
  ],
  [
    "a take of a stinger that is not there",
    `${withTake(DRUMS)}\nstingers:\n  hit: { take: beet }`,
    [`7:16 stingers.hit.take: found "beet", expected one of beat; did you mean "beat"?`],
  ],
  [
    "audio of a stinger that is no take",
    `${withTake(DRUMS)}\nstingers:\n  hit: { audio: beat.ogg }`,
    [
      `7:10 stingers.hit.audio: found the unknown key "audio", expected one of theme, take, at, length, stems, intensity, cooldown, most, priority, moods, next, duck`,
    ],
  ],
  [
    "a take of a bridge that is not there, and a stem twice",
    inBridge("stems: [bass, drums, bass], takes: { drums: beet }"),
    [
      `7:74 transitions[0].bridge.stems[2]: found "bass" a second time, expected each stem once`,
      `7:97 transitions[0].bridge.takes.drums: found "beet", expected one of beat, none; did you mean "beat"?`,
    ],
  ],
  [
    "a bridge of no stem, and one stem too many",
    inBridge("stems: [], takes: { drum: beat }"),
    [
      `7:60 transitions[0].bridge.stems: found no stem, expected at least one stem`,
      `7:73 transitions[0].bridge.takes.drum: found the unknown key "drum", expected one of melody, counter, harmony, bass, drums; did you mean "drums"?`,
    ],
  ],
  [
    "a bridge that leaves the tempo of its takes",
    inBridge("tempo: ramp, takes: { drums: beat }"),
    [
      `7:60 transitions[0].bridge.tempo: found "ramp" with takes, expected step, as takes keep their tempo`,
    ],
  ],
  [
    "the name that means no take",
    `attacca: 1\ntakes:\n  none: { ${DRUMS} }\nmoods: { calm: }`,
    [`3:3 takes.none: found the name "none", expected another name, for this one is reserved`],
  ],
];

describe("mistakes in authored takes", () => {
  it.each(MISTAKES)("%s is reported where it stands", (_, text, expected) => {
    expect(issuesOf(text).map((issue) => formatIssue(issue))).toEqual(
      expected.map((issue) => `score:${issue}`),
    );
  });
});

const warningsOf = (text: string): readonly string[] =>
  parsed(text).warnings.map((issue) => formatIssue(issue, "score", "warning"));

describe("a score with authored takes is warned of", () => {
  it("a take whose tempo or meter its mood does not have", () => {
    const found = "found a take at 120 in 4/4 in a mood at";
    const expected =
      "expected one of the mood's tempo and meter: the stem is generated in its place";
    expect(warningsOf(withTake(DRUMS, "takes: { drums: beat }, meter: 3/4"))).toEqual([
      `score:5:39 warning: moods.calm.takes.drums: ${found} 120 in 3/4, ${expected}`,
    ]);
    expect(warningsOf(withTake(DRUMS).replace("{ tempo: 120,", "{ tempo: 124,"))).toEqual([
      `score:5:39 warning: moods.calm.takes.drums: ${found} 124 in 4/4, ${expected}`,
    ]);
  });

  it("nothing where drums are within 3 % of the mood's tempo and other stems within 0.6 %", () => {
    const calm = (tempo: number, stem: string): string =>
      withTake(DRUMS, `takes: { ${stem}: beat }`).replace("{ tempo: 120,", `{ tempo: ${tempo},`);
    expect(warningsOf(calm(123.6, "drums"))).toEqual([]);
    expect(warningsOf(calm(120.7, "bass"))).toEqual([]);
    expect(warningsOf(calm(120.8, "bass"))).toHaveLength(1);
  });

  it("a take of a bridge that no mood can follow that is left, or of another length", () => {
    const other = "\n  slow: { tempo: 60 }";
    const bridge = (from: string, length: string): readonly string[] =>
      warningsOf(
        `${withTake(DRUMS)}${other}
rules: [{ when: intensity > 0.7, until: intensity < 0.5, mood: slow }]
transitions:
  - { from: ${from}, to: any, bridge: { length: ${length}, takes: { drums: beat } } }`,
      );
    expect(bridge("any", "8 bars")).toEqual([]);
    expect(bridge("[slow, calm]", "8 bars")).toEqual([]);
    expect(bridge("slow", "8 bars")).toEqual([
      "score:9:70 warning: transitions[0].bridge.takes.drums: found a take at 120 in 4/4, expected the tempo and meter of a mood that is left: the stem is generated",
    ]);
    expect(bridge("calm", "2 bars")).toEqual([
      "score:9:70 warning: transitions[0].bridge.takes.drums: found a take of 8 bars in a bridge of 2, expected as many bars as the bridge has",
    ]);
  });

  it("a take for a stem that the mood leaves out", () => {
    expect(warningsOf(withTake(DRUMS, "stems: [bass], takes: { drums: beat }"))).toEqual([
      "score:5:54 warning: moods.calm.takes.drums: found a take for a stem that is not in play, expected drums among the mood's stems",
    ]);
  });
});
