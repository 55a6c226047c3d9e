import { describe, expect, test } from "vitest";
import { PaletteBook } from "../../engine/palette-book.ts";
import { fontOfFile, ownPalettes } from "../../engine/own-palettes.ts";
import {
  DRUM_BANK,
  ORCHESTRA,
  PALETTE_NAMES,
  paletteNamed,
} from "../../engine/renderer-worker/palettes.ts";
import { formatIssue } from "../../engine/score/issue.ts";
import { parseScore } from "../../engine/score/parse-score.ts";
import type { Score } from "../../engine/score/score.ts";

function scoreOf(lines: string): Score {
  const text = `attacca: 1\nmoods: { calm: }\n${lines}`;
  const parsed = parseScore(text, { palettes: PALETTE_NAMES });
  if (parsed.ok) return parsed.score;
  throw new Error(parsed.issues.map((issue) => formatIssue(issue)).join("\n"));
}

const CASTLE = `
palette: castle
palettes:
  castle:
    font: sounds/castle.sf2
    like: heroic
    room: 0.5
    voices:
      melody: { program: 40, gain: -6dB, pan: -0.2, octave: 1, touch: as written, doubling: { octaves: 0 } }
      counter: { like: wooden, gain: 6dB }
      bass: { program: 33, bank: 8, doubling: { octaves: -1, from: 0.4 } }
      drums: { program: 8, roll: 0.9 }
`;

describe("a palette of the score's own", () => {
  const castle = (): ReturnType<typeof ownPalettes>[number] => {
    const [palette] = ownPalettes(scoreOf(CASTLE));
    if (palette === undefined) throw new Error("the score has a palette");
    return palette;
  };
  const font = fontOfFile("sounds/castle.sf2");

  test("has instruments of its soundfont, at its gain, place and manner", () => {
    const { voices, reverb } = castle();
    expect(reverb).toBe(0.5);
    expect(voices.melody).toMatchObject({ kind: "sampled", font, bank: 0, program: 40, pan: -0.2 });
    expect(voices.melody.gain).toBeCloseTo(1.2 / 2, 2);
    expect(voices.melody.manner).toMatchObject({ octave: 1 });
    expect(voices.melody.manner?.touch).toBeUndefined();
    expect(voices.bass).toMatchObject({ font, bank: 8, program: 33 });
    expect(voices.bass.manner?.doubling).toEqual({ octaves: -1, from: 0.4 });
    expect(voices.drums).toMatchObject({ font, bank: DRUM_BANK, program: 8 });
    expect(voices.drums.manner?.roll?.from).toBe(0.9);
  });

  test("has what it does not say from the palette that it is like", () => {
    const heroic = paletteNamed("heroic");
    const { voices, standIn } = castle();
    expect(standIn).toBe("heroic");
    expect(voices.harmony).toBe(heroic.voices.harmony);
    expect(voices.bass.pan).toBe(heroic.voices.bass.pan);
    const wooden = paletteNamed("wooden").voices.counter;
    expect(voices.counter).toEqual({ ...wooden, gain: expect.closeTo(2 * wooden.gain, 1) });
  });

  test("plays in the manners that it asks for, and plucks with an instrument of its own soundfont alone", () => {
    const [palette] = ownPalettes(
      scoreOf(`
palettes:
  hall:
    font: hall.sf2
    like: orchestra
    voices:
      melody: { program: 48, pizzicato: { program: 45, gain: 6dB, below: 0.4 }, tremolo: { depth: 0.3 } }
      counter: { program: 41 }
      harmony: { program: 48, swell: { by: 0dB }, divisi: 0.4 }
      bass: { gain: -3dB }
`),
    );
    const { melody, counter, harmony, bass } = palette?.voices ?? {};
    expect(melody).toMatchObject({
      plucked: { bank: 0, program: 45, gain: expect.closeTo(2, 1) },
      manner: { pizzicato: { below: 0.4 }, tremolo: { depth: 0.3, from: 0.6 }, touch: "legato" },
    });
    expect(counter).not.toHaveProperty("plucked");
    expect(counter?.manner).not.toHaveProperty("pizzicato");
    expect(harmony?.divisi).toBe(0.4);
    expect(harmony?.manner).not.toHaveProperty("swell");
    expect(harmony?.manner).toHaveProperty("tremolo");
    const orchestra = paletteNamed(ORCHESTRA);
    expect(bass).toEqual({
      ...orchestra.voices.bass,
      gain: expect.closeTo(0.71 * orchestra.voices.bass.gain, 1),
    });
  });

  test("is like the engine's first palette where it names none", () => {
    const [own] = ownPalettes(scoreOf("palettes: { mine: { room: 0.1 } }"));
    expect(own).toMatchObject({ standIn: "plucked", reverb: 0.1 });
    expect(own?.voices).toEqual(paletteNamed("plucked").voices);
  });
});

describe("what plays under the name of a palette", () => {
  test("is the one that stands in, in the room that was asked for, until the soundfont is there", () => {
    const book = new PaletteBook(scoreOf(CASTLE));
    const before = book.playing("castle");
    expect(before.voices).toBe(paletteNamed("heroic").voices);
    expect(before).toMatchObject({ name: "castle", reverb: 0.5 });
    book.add(fontOfFile("sounds/castle.sf2"));
    expect(book.playing("castle")).toBe(book.named("castle"));
    book.clear();
    expect(book.playing("castle").voices).toBe(paletteNamed("heroic").voices);
  });

  test("is one that can be played itself: who stands in may be stood in for", () => {
    const book = new PaletteBook(
      scoreOf(
        "palette: mine\npalettes: { mine: { font: a.sf2, like: orchestra, voices: { bass: { program: 1 } } } }",
      ),
    );
    expect([...book.needed.keys()].toSorted()).toEqual([fontOfFile("a.sf2"), ORCHESTRA]);
    expect(book.playing("mine").voices).toBe(paletteNamed("heroic").voices);
    book.add(ORCHESTRA);
    expect(book.playing("mine").voices).toBe(paletteNamed("orchestra").voices);
    book.add(fontOfFile("a.sf2"));
    expect(book.playing("mine")).toBe(book.named("mine"));
  });

  test("is the engine's own where nothing has to come", () => {
    const book = new PaletteBook(scoreOf("palette: glass"));
    expect(book.needed.size).toBe(0);
    for (const name of PALETTE_NAMES.filter((each) => each !== "orchestra")) {
      expect(book.playing(name)).toBe(paletteNamed(name));
    }
    expect(book.playing("nowhere")).toBe(paletteNamed("plucked"));
  });
});

test("a soundfont is asked for where the score or a place names a palette that plays on it, and not otherwise", () => {
  const needs = (lines: string): readonly string[] => [
    ...new PaletteBook(scoreOf(lines)).needed.keys(),
  ];
  expect(needs("palette: orchestra")).toEqual([ORCHESTRA]);
  expect(needs("locations: { hall: { palette: orchestra } }")).toEqual([ORCHESTRA]);
  expect(needs("palettes: { mine: { font: a.sf2, voices: { bass: { program: 1 } } } }")).toEqual(
    [],
  );
});

describe("a blend", () => {
  const blending = (blend: string): PaletteBook =>
    new PaletteBook(scoreOf(`${CASTLE}locations: { gate: { palette: ${blend} } }\n`));

  test("may be of a palette of the score's own, and asks for the soundfonts that it plays on", () => {
    const book = blending("[plucked, castle]");
    const { voices } = book.named("plucked + 50% castle");
    expect(voices.melody).toBe(paletteNamed("plucked").voices.melody);
    expect(voices.counter).toEqual(book.named("castle").voices.counter);
    expect(blending(`[plucked, ${ORCHESTRA}]`).needed.has(ORCHESTRA)).toBe(true);
  });

  test("is played by what stands in for a part of it until its soundfont is there", () => {
    const book = blending(`[plucked, ${ORCHESTRA}]`);
    const name = `plucked + 50% ${ORCHESTRA}`;
    expect(book.playing(name).voices.harmony).toBe(paletteNamed("heroic").voices.harmony);
    book.add(ORCHESTRA);
    expect(book.playing(name).voices.harmony).toBe(paletteNamed(ORCHESTRA).voices.harmony);
  });
});
