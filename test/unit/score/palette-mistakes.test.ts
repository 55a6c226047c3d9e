import { describe, expect, it } from "vitest";
import { formatIssue } from "../../../engine/score/issue.ts";
import { parseScore } from "../../../engine/score/parse-score.ts";

const PALETTES = ["plucked", "crystal"];
const read = (palettes: string, palette = "mine") =>
  parseScore(`attacca: 1\npalette: ${palette}\nmoods: { calm: }\npalettes:\n${palettes}`, {
    palettes: PALETTES,
  });

function linesOf(palettes: string, palette?: string): readonly string[] {
  const parsed = read(palettes, palette);
  const issues = parsed.ok ? parsed.warnings : parsed.issues;
  return issues.map((issue) => formatIssue(issue, "s"));
}

describe("palettes of a score's own", () => {
  it("are read with every default", () => {
    const parsed = read("  mine: { font: a.sf2, voices: { bass: { program: 33 } } }");
    expect(parsed.ok && parsed.score.palettes).toEqual([
      {
        name: "mine",
        font: "a.sf2",
        like: "plucked",
        room: undefined,
        voices: {
          bass: {
            instrument: { bank: 0, program: 33 },
            like: undefined,
            gain: 0,
            pan: undefined,
            touch: undefined,
            octave: undefined,
            doubling: undefined,
            pizzicato: undefined,
            swell: undefined,
            tremolo: undefined,
            divisi: undefined,
            roll: undefined,
          },
        },
      },
    ]);
  });

  it("are read with what says how their notes are played, and its defaults", () => {
    const parsed = read(
      [
        "  mine:",
        "    font: a.sf2",
        "    voices:",
        "      melody: { program: 40, pizzicato: { program: 45 }, swell:, tremolo:, divisi: 0.6 }",
        "      counter: { program: 41, pizzicato: { program: 45, bank: 1, gain: 6dB, below: 0.3 } }",
        "      bass: { swell: { by: 0dB }, tremolo: { depth: 0 }, touch: staccato, divisi: 0 }",
      ].join("\n"),
    );
    const [mine] = (parsed.ok && parsed.score.palettes) || [];
    expect(mine?.voices.melody).toMatchObject({
      pizzicato: { bank: 0, program: 45, gain: 0, below: 0.6 },
      swell: { by: 3, below: 0.5 },
      tremolo: { depth: 0.5, from: 0.6 },
      divisi: 0.6,
    });
    expect(mine?.voices.counter?.pizzicato).toEqual({ bank: 1, program: 45, gain: 6, below: 0.3 });
    expect(mine?.voices.bass).toMatchObject({
      touch: "staccato",
      swell: "none",
      tremolo: "none",
      divisi: 0,
    });
  });

  it("say how notes are played within what can be", () => {
    expect(
      linesOf(
        [
          "  mine:",
          "    font: a.sf2",
          "    voices:",
          "      melody: { pizzicato: { program: 45 }, swell: { by: -3dB, bellow: 0.5 } }",
          "      bass: { program: 43, pizzicato: { below: 2 }, tremolo: 0.5, divisi: 2 }",
          "      drums: { program: 0, divisi: 1 }",
        ].join("\n"),
      ),
    ).toMatchInlineSnapshot(`
      [
        "s:8:17 palettes.mine.voices.melody.pizzicato: found a pizzicato without a "program", expected the program that bows what is not plucked",
        "s:8:58 palettes.mine.voices.melody.swell.by: found "-3dB", expected a swell within [0dB, 12dB] such as "3dB"",
        "s:8:64 palettes.mine.voices.melody.swell.bellow: found the unknown key "bellow", expected one of by, below; did you mean "below"?",
        "s:9:39 palettes.mine.voices.bass.pizzicato.program: found nothing, expected a program within [0, 127]",
        "s:9:48 palettes.mine.voices.bass.pizzicato.below: found 2, expected a number within [0, 1]",
        "s:9:62 palettes.mine.voices.bass.tremolo: found 0.5, expected a map of depth, from",
        "s:9:75 palettes.mine.voices.bass.divisi: found 2, expected a number within [0, 1]",
        "s:10:28 palettes.mine.voices.drums.divisi: found the unknown key "divisi", expected one of program, like, gain, pan, roll",
      ]
    `);
  });

  it("may be named by the score and by places, beside those of the engine", () => {
    expect(
      linesOf("  mine:\nlocations: { hut: { palette: mine }, cave: { palette: crystal } }"),
    ).toEqual([]);
    expect(linesOf("  mine:\n", "mint")).toEqual([
      's:2:10 palette: found "mint", expected one of plucked, crystal, mine; did you mean "mine"?',
    ]);
  });

  it("say nothing that cannot be", () => {
    expect(
      linesOf(
        [
          "  mine:",
          "    like: cristal",
          "    room: 2",
          "    voices:",
          "      melody: { program: 128, pan: 2, octave: 3, touch: slurred }",
          "      counter: { program: 3 }",
          "      harmony: { like: crystl, gain: 30dB }",
          "      bass: { bank: 2, doubling: { octaves: 2 } }",
          "      drums: { octave: 1, roll: loud }",
        ].join("\n"),
      ),
    ).toEqual([
      's:6:11 palettes.mine.like: found "cristal", expected one of plucked, crystal; did you mean "crystal"?',
      "s:7:11 palettes.mine.room: found 2, expected a number within [0, 1]",
      's:9:17 palettes.mine.voices.melody.program: found a program without a "font", expected a font of the palette that has it',
      "s:9:26 palettes.mine.voices.melody.program: found 128, expected a program within [0, 127]",
      "s:9:36 palettes.mine.voices.melody.pan: found 2, expected a number within [-1, 1]",
      "s:9:47 palettes.mine.voices.melody.octave: found 3, expected a whole number within [-2, 2]",
      's:9:57 palettes.mine.voices.melody.touch: found "slurred", expected one of legato, detached, staccato, as written',
      's:10:18 palettes.mine.voices.counter.program: found a program without a "font", expected a font of the palette that has it',
      's:11:24 palettes.mine.voices.harmony.like: found "crystl", expected one of plucked, crystal; did you mean "crystal"?',
      's:11:38 palettes.mine.voices.harmony.gain: found "30dB", expected a gain within [-60dB, 24dB] such as "-4dB" or "6dB"',
      's:12:15 palettes.mine.voices.bass.bank: found a bank without a "program", expected the program that is meant in it',
      "s:12:45 palettes.mine.voices.bass.doubling.octaves: found 2, expected -1, 0 or 1",
      's:13:16 palettes.mine.voices.drums.octave: found the unknown key "octave", expected one of program, like, gain, pan, roll',
      's:13:33 palettes.mine.voices.drums.roll: found "loud", expected none, or a number within [0, 1]',
    ]);
  });

  it("have names of their own, and an instrument once", () => {
    expect(
      linesOf(
        "  crystal:\n  2nd:\n  mine: { font: a.sf2, voices: { bass: { program: 1, like: plucked } } }",
      ),
    ).toEqual([
      's:5:3 palettes.crystal: found the name "crystal", expected another name, for the engine has a palette of this one',
      's:6:3 palettes.2nd: found the name "2nd", expected a name of at most 64 letters, digits, _, - and . that begins with a letter',
      's:7:54 palettes.mine.voices.bass.like: found both "program" and "like", expected either: an instrument of the font or of a palette',
    ]);
  });

  it("are warned of where nothing plays them", () => {
    expect(linesOf("  mine: { font: a.sf2, voices: { drums: } }", "plucked")).toEqual(
      [
        "s:5:3 warning: palettes.mine: found a palette that nothing names, expected the score or a location that names it",
        's:5:17 warning: palettes.mine.font: found a soundfont of which nothing is played, expected a voice with a "program" of it',
      ].map((line) => line.replace("warning: ", "")),
    );
  });
});
