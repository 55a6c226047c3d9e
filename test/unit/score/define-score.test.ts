import { describe, expect, expectTypeOf, it } from "vitest";
import type * as authored from "../../../engine/score/authored.ts";
import { defineScore, type ScoreScript } from "../../../engine/score/define-score.ts";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";

const parse = (text: string) => parseScore(text, { palettes: ["plucked", "crystal"] });

function issuesOf(text: string): readonly string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.issues.map((issue) => formatIssue(issue));
}

describe("defineScore", () => {
  it("writes a script that means what the same YAML means", () => {
    const defined = defineScore({
      attacca: 1,
      title: "Forest",
      palette: "crystal",
      palettes: {
        own: {
          font: "own.sf2",
          like: "crystal",
          room: 0.3,
          voices: {
            melody: { program: 40, bank: 1, gain: "-2dB", pan: -0.5, octave: 1, touch: "detached" },
            counter: {
              program: 41,
              pizzicato: { program: 45, gain: "-1dB" },
              swell: { by: "2dB" },
              tremolo: {},
              divisi: 0.5,
            },
            bass: { like: "plucked", gain: "+6dB", doubling: { octaves: -1 } },
            drums: { program: 8, roll: "none" },
          },
        },
      },
      signals: {
        health: {
          range: [0, 100],
          attack: "400ms",
          curve: [
            [0, 0],
            [100, 50],
          ],
        },
      },
      takes: {
        lead: {
          audio: "lead.ogg",
          tempo: 96,
          length: "2 bars",
          entry: "1 beat",
          tail: "2s",
          loop: ["0 bars", "2 bars"],
          level: "-3dB",
        },
      },
      moods: {
        calm: {
          key: "D dorian",
          stems: ["melody", "bass"],
          takes: { melody: "lead" },
          markers: { turn: "2 bars" },
        },
        danger: { inherit: "calm", tempo: 132, meter: "3/4", stems: { drums: 0.5 } },
      },
      locations: { cave: { mood: "calm", colour: { room: 0.5, level: "-4dB" } } },
      stingers: {
        alarm: { at: "beat", length: "1 bar", moods: ["danger"], duck: "-6dB" },
        found: { take: "lead" },
      },
      rules: [{ when: "health < 20", until: "health > 40", mood: "danger", for: "2 bars" }],
      transitions: [
        { from: ["calm"], to: "danger", at: "marker turn", bridge: "2 bars", stinger: "alarm" },
        {
          from: "danger",
          to: "calm",
          bridge: { length: "2 bars", stems: ["bass"], takes: { drums: "lead", melody: "none" } },
        },
        { from: "any", to: "any", at: "2 bars", enter: "last position", fade: "1.5s" },
      ],
    });
    const written = `
attacca: 1
title: Forest
palette: crystal
palettes:
  own:
    font: own.sf2
    like: crystal
    room: 0.3
    voices:
      melody: { program: 40, bank: 1, gain: -2dB, pan: -0.5, octave: 1, touch: detached }
      counter:
        { program: 41, pizzicato: { program: 45, bank: 0, gain: -1dB, below: 0.6 }, swell: { by: 2 dB }, tremolo:, divisi: 0.5 }
      bass: { like: plucked, gain: 6 dB, doubling: { octaves: -1, from: 0.7 } }
      drums: { program: 8, roll: none }
signals: { health: { range: [0, 100], attack: 400ms, curve: [[0, 0], [100, 50]] } }
takes:
  lead:
    { audio: lead.ogg, tempo: 96, length: 2 bars, entry: 1 beat, tail: 2s, loop: [0 bars, 2 bars], level: -3dB }
moods:
  calm: { key: D dorian, stems: [melody, bass], takes: { melody: lead }, markers: { turn: 2 bars } }
  danger: { inherit: calm, tempo: 132, meter: 3/4, stems: { drums: 0.5 } }
locations: { cave: { mood: calm, colour: { room: 0.5, level: -4dB } } }
stingers: { alarm: { at: beat, length: 1 bar, moods: danger, duck: -6dB }, found: { take: lead } }
rules: [{ when: health < 20, until: health > 40, mood: danger, for: 2 bars }]
transitions:
  - { from: calm, to: danger, at: marker turn, bridge: 2 bars, stinger: alarm }
  - { from: danger, to: calm, bridge: { length: 2 bars, stems: [bass], takes: { drums: lead, melody: none } } }
  - { from: any, to: any, at: 2 bars, enter: last position, fade: 1.5s }
`;
    expect(issuesOf(defined)).toEqual([]);
    const [inCode, inYaml] = [parse(defined), parse(written)];
    expect(inCode.ok && inCode.score).toEqual(inYaml.ok && inYaml.score);
  });

  it("leaves what types cannot see to parseScore, which names the place", () => {
    const text = defineScore({
      attacca: 1,
      moods: { calm: { tempo: 400, theme: "hero" } },
      rules: [{ when: "intensty > 0.5", mood: "calm", cooldown: "1s" }],
    });
    expect(issuesOf(text)).toEqual([
      "score:5:16 moods.calm.tempo: found 400, expected a tempo within [40, 240] beats per minute",
      'score:6:16 moods.calm.theme: found "hero", expected one of none',
      'score:11:15 rules[0].when: found "intensty > 0.5", expected a signal: one of intensity; did you mean "intensity"?',
    ]);
    expect(issuesOf(defineScore({ attacca: 1, moods: { calm: { valence: Number.NaN } } }))).toEqual(
      ["score:5:18 moods.calm.valence: found nothing, expected a number within [-1, 1]"],
    );
  });

  it("takes the keys of a score script and no others", () => {
    type Script = Required<ScoreScript<string, string>>;
    type Item<Section extends "rules" | "transitions"> = Script[Section][number];
    expectTypeOf<keyof Script>().toEqualTypeOf<"attacca" | keyof authored.AuthoredScore>();
    expectTypeOf<keyof Script["signals"][string]>().toEqualTypeOf<keyof authored.AuthoredSignal>();
    type Palette = Required<Script["palettes"][string]>;
    expectTypeOf<keyof Palette>().toEqualTypeOf<keyof authored.AuthoredPalette>();
    type Voices = Required<Palette["voices"]>;
    expectTypeOf<keyof Voices["melody"] | keyof Voices["drums"]>().toEqualTypeOf<
      keyof authored.AuthoredVoice
    >();
    expectTypeOf<keyof Script["takes"][string]>().toEqualTypeOf<keyof authored.AuthoredTake>();
    type Bridge = Extract<Item<"transitions">["bridge"], object>;
    expectTypeOf<keyof Bridge>().toEqualTypeOf<keyof authored.AuthoredBridge>();
    expectTypeOf<keyof Script["moods"][string]>().toEqualTypeOf<keyof authored.AuthoredMood>();
    expectTypeOf<keyof Script["locations"][string]>().toEqualTypeOf<
      keyof authored.AuthoredLocation
    >();
    expectTypeOf<keyof Script["stingers"][string]>().toEqualTypeOf<
      keyof authored.AuthoredStinger
    >();
    expectTypeOf<keyof Item<"rules">>().toEqualTypeOf<keyof authored.AuthoredRule>();
    expectTypeOf<keyof Item<"transitions">>().toEqualTypeOf<keyof authored.AuthoredTransition>();
  });
});

/** Each is right for the compiler, and for `parseScore`. */
const ACCEPTED: Readonly<Record<string, string>> = {
  "grids of whole bars and beats": defineScore({
    attacca: 1,
    moods: { calm: {} },
    stingers: { alarm: { at: "32 beats" }, bell: { at: "1 bar" } },
    transitions: [
      { from: "any", to: "calm", at: "32 bars" },
      { from: "any", to: "any", at: "2bars" },
    ],
  }),
  "lengths up to their longest": defineScore({
    attacca: 1,
    moods: { calm: { markers: { turn: "0.5 bars", answer: "3 beats" }, phrase: "8 bars" } },
    stingers: { alarm: { length: "4 bars" } },
    takes: { beat: { audio: "a.ogg", tempo: 96, length: "200 bars", loop: ["1 bar", "200 bars"] } },
    transitions: [
      { from: "any", to: "calm", fade: "128 beats", bridge: "8 bars" },
      { from: "any", to: "any", fade: "12.05 bars", bridge: { length: "1bar" } },
    ],
  }),
  "times and levels": defineScore({
    attacca: 1,
    moods: { calm: {} },
    signals: { health: { attack: "0ms", release: "60 s" }, fear: { attack: "1200 ms" } },
    locations: { cave: { colour: { level: "-60dB" } }, hut: { colour: { level: "0 dB" } } },
    stingers: { alarm: { duck: "-4.5 dB", cooldown: "1.05s" } },
  }),
  "keys as people write them": defineScore({
    attacca: 1,
    key: "f# minor",
    moods: { calm: { key: "B♭ major" }, dark: { key: "d dorian" } },
  }),
};

it.each(Object.entries(ACCEPTED))("parseScore takes %s as the compiler does", (_, text) => {
  expect(issuesOf(text)).toEqual([]);
});

/** Each is a mistake for the compiler, which the comment asks for, and for `parseScore`. */
const REFUSED: Readonly<Record<string, string>> = {
  "an unknown key": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such key
    tempi: 96,
  }),
  "an unknown key of a mood": defineScore({
    attacca: 1,
    // @ts-expect-error no such key
    moods: { calm: { valance: 0.2 } },
  }),
  "a misspelt stem": defineScore({
    attacca: 1,
    // @ts-expect-error no such stem
    moods: { calm: { stems: ["melodi"] } },
  }),
  "a length without a unit": defineScore({
    attacca: 1,
    // @ts-expect-error a unit is missing
    moods: { calm: { phrase: "4" } },
  }),
  "a time in bars": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error bars are no time
    signals: { health: { attack: "2 bars" } },
  }),
  "a level without its unit": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error dB is missing
    locations: { cave: { colour: { level: "-4" } } },
  }),
  "a number as text": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error a number takes no quotes
    tempo: "96",
  }),
  "a key in no known mode": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such mode
    key: "D dorien",
  }),
  "a rule for a mood that is not there": defineScore({
    attacca: 1,
    moods: { calm: {}, danger: {} },
    // @ts-expect-error no such mood
    rules: [{ when: "intensity > 0.5", mood: "dangr", cooldown: "1s" }],
  }),
  "a mood that inherits from none": defineScore({
    attacca: 1,
    moods: {
      calm: {},
      // @ts-expect-error no such mood
      danger: { inherit: "clam" },
    },
  }),
  "a place with a mood that is not there": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such mood
    locations: { cave: { mood: "clam" } },
  }),
  "a transition from a mood that is not there": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such mood
    transitions: [{ from: ["calm", "clam"], to: "any" }],
  }),
  "a transition with a stinger where there is none": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such stinger
    transitions: [{ from: "any", to: "any", stinger: "alarm" }],
  }),
  "a phrase of three bars": defineScore({
    attacca: 1,
    // @ts-expect-error 4 bars at least
    moods: { calm: { phrase: "3 bars" } },
  }),
  "a stinger of five bars": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 4 bars at most
    stingers: { alarm: { length: "5 bars" } },
  }),
  "a bridge of half a bar": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error whole bars
    transitions: [{ from: "any", to: "any", bridge: "0.5 bars" }],
  }),
  "a take of 601 bars": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 600 bars at most
    takes: { beat: { audio: "a.ogg", tempo: 96, length: "601 bars" } },
  }),
  "a grid of half a bar": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error whole bars
    transitions: [{ from: "any", to: "any", at: "0.5 bars" }],
  }),
  "a grid of no bar": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 1 bar at least
    transitions: [{ from: "any", to: "any", at: "0 bars" }],
  }),
  "a grid of 33 beats": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 32 beats at most
    stingers: { alarm: { at: "33 beats" } },
  }),
  "a grid in seconds": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error bars or beats
    transitions: [{ from: "any", to: "any", at: "2s" }],
  }),
  "a fade of 33 bars": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 32 bars at most
    transitions: [{ from: "any", to: "any", fade: "33 bars" }],
  }),
  "a fade before its beginning": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no length is negative
    transitions: [{ from: "any", to: "any", fade: "-1 bars" }],
  }),
  "a time before its beginning": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no time is negative
    signals: { health: { attack: "-400ms" } },
  }),
  "more than a minute": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 60 s at most
    signals: { health: { attack: "61s" } },
  }),
  "a level above 0 dB": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error 0 dB at most
    locations: { cave: { colour: { level: "3dB" } } },
  }),
  "a transition at no sync point": defineScore({
    attacca: 1,
    moods: { calm: {} },
    // @ts-expect-error no such sync point
    transitions: [{ from: "any", to: "any", at: "Beat" }],
  }),
  "a score without a mood key": defineScore(
    // @ts-expect-error moods are missing
    { attacca: 1 },
  ),
};

it.each(Object.entries(REFUSED))("parseScore refuses %s as the compiler does", (_, text) => {
  expect(issuesOf(text)).not.toEqual([]);
});
