import { describe, expect, it } from "vitest";
import type { Key } from "../../../engine/music/key.ts";
import { fitTheme } from "../../../engine/theme/fit.ts";
import type { ThemeTerms, WrittenTheme } from "../../../engine/theme/theme.ts";
import type { Meter } from "../../../engine/time/meter.ts";
import { midiPitch } from "../../../engine/time/units.ts";
import { cellsOf, themeOf } from "../../helpers/theme.ts";

const D_DORIAN: Key = { tonic: 2, mode: "dorian" };
const HERO = themeOf("D4 1/4, F4 1/8, G4 1/8, A4 1/4, B4 1/4 | C5 1/2, A4 1/2", D_DORIAN);

const fit = (changes: Partial<ThemeTerms> = {}, theme: WrittenTheme = HERO) =>
  fitTheme(theme, {
    key: theme.key,
    meter: theme.meter,
    bars: theme.bars,
    register: 0,
    density: "all",
    ...changes,
  });

const pitches = (changes: Partial<ThemeTerms>, theme: WrittenTheme = HERO): readonly number[] =>
  fit(changes, theme).melody.map(({ pitch }) => pitch);

describe("fitTheme", () => {
  it("in a theme's own terms changes nothing", () => {
    expect(fit()).toEqual({ melody: HERO.melody, chords: HERO.chords });
  });

  it("keeps scale degrees in another mode", () => {
    // D F G A B C A becomes D F# G A B C# A.
    expect(pitches({ key: { tonic: 2, mode: "ionian" } })).toEqual([62, 66, 67, 69, 71, 73, 69]);
    expect(pitches({ key: { tonic: 2, mode: "phrygian" } })).toEqual([62, 65, 67, 69, 70, 72, 69]);
  });

  it("goes to another key by the shorter way", () => {
    expect(pitches({ key: { tonic: 0, mode: "dorian" } })[0]).toBe(60);
    expect(pitches({ key: { tonic: 7, mode: "dorian" } })[0]).toBe(67);
    expect(pitches({ key: { tonic: 9, mode: "dorian" } })[0]).toBe(57);
  });

  it("keeps an alteration's distance to the degree below it", () => {
    const raised = themeOf("D4 1/4, G#4 1/4, A4 1/2", D_DORIAN);
    expect(pitches({ key: { tonic: 2, mode: "ionian" } }, raised)).toEqual([62, 68, 69]);
  });

  it("carries the chords to the same degrees: i IV becomes I IV or i iv", () => {
    const theme: WrittenTheme = {
      ...HERO,
      bars: 1,
      chords: [
        [
          { root: 0, quality: "min" },
          { root: 5, quality: "maj" },
        ],
      ],
    };
    const chordsIn = (mode: Key["mode"]) => fit({ key: { tonic: 2, mode } }, theme).chords[0];
    expect(chordsIn("ionian")).toEqual([
      { root: 0, quality: "maj" },
      { root: 5, quality: "maj" },
    ]);
    expect(chordsIn("aeolian")).toEqual([
      { root: 0, quality: "min" },
      { root: 5, quality: "min" },
    ]);
  });

  it("carries sevenths to the sevenths of the mode and leaves open what is open", () => {
    const theme: WrittenTheme = {
      ...HERO,
      key: { tonic: 0, mode: "ionian" },
      bars: 1,
      chords: [[{ root: 7, quality: "dom7" }, undefined]],
    };
    expect(fit({ key: { tonic: 0, mode: "aeolian" } }, theme).chords).toEqual([
      [{ root: 7, quality: "min7" }, undefined],
    ]);
  });

  it("moves by octaves, but not out of what the model can sing", () => {
    expect(pitches({ register: 1 })[0]).toBe(74);
    expect(pitches({ register: -1 })[0]).toBe(50);
    // The lane of D reaches from D3 to C#7.
    expect(pitches({ register: -2 })).toEqual(pitches({ register: -1 }));
    expect(pitches({ register: 2 })[0]).toBe(86);
  });

  it("starts from the octave that is nearest to a centre", () => {
    expect(pitches({ centre: midiPitch(84) })[0]).toBe(74);
    expect(pitches({ centre: midiPitch(84), register: -1 })[0]).toBe(62);
  });

  it("repeats a short theme and cuts a long one", () => {
    const long = fit({ bars: 5 });
    expect(long.melody).toHaveLength(7 + 7 + 5);
    expect(long.melody[7]).toEqual({ ...HERO.melody[0], at: 2 * 4 * 960 });
    expect(long.chords).toEqual([...HERO.chords, ...HERO.chords, HERO.chords[0]]);
    const held = themeOf("D4 1/2, F4 3/2", D_DORIAN);
    expect(cellsOf(fit({ bars: 1 }, held).melody, "4/4")).toEqual([
      [0, 62, 8],
      [8, 65, 8],
    ]);
  });

  it("keeps in each bar the stronger half of a sparse theme, held over what is dropped", () => {
    expect(cellsOf(fit({ density: "sparse" }).melody, "4/4")).toEqual([
      [0, 62, 8],
      [8, 69, 4],
      [12, 71, 4],
      [16, 72, 16],
    ]);
  });

  it("does not hold a sparse theme over a rest", () => {
    const broken = themeOf("D4 1/4, r 1/4, A4 1/16, G4 1/16, r 3/8", D_DORIAN);
    expect(cellsOf(fit({ density: "sparse" }, broken).melody, "4/4")).toEqual([
      [0, 62, 4],
      [8, 69, 2],
    ]);
  });
});

describe("a theme in another meter", () => {
  const slots = (text: string, from: Meter, to: Meter): readonly number[] => {
    const theme = themeOf(text, D_DORIAN, from);
    return cellsOf(fit({ meter: to }, theme).melody, to).map(([slot]) => slot);
  };
  const march = "D4 1/4, F4 1/4, A4 1/4, F4 1/4 | D4 1/1";

  it("turns a march into a waltz: the second half of the bar is its third beat", () => {
    expect(slots(march, "4/4", "3/4")).toEqual([0, 4, 8, 10, 12]);
  });

  it("turns a march into a jig: long and short in each half bar", () => {
    expect(slots(march, "4/4", "6/8")).toEqual([0, 4, 6, 10, 12]);
  });

  it("turns even eighths into swung ones and back", () => {
    const even = Array.from({ length: 8 }, () => "D4 1/8").join(", ");
    expect(slots(even, "4/4", "12/8")).toEqual([0, 2, 3, 5, 6, 8, 9, 11]);
    const swung = Array.from({ length: 4 }, () => "D4 2/8, F4 1/8").join(", ");
    expect(slots(swung, "12/8", "4/4")).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  });

  it("lets a waltz march: its third beat takes half the bar", () => {
    expect(slots("D4 1/4, F4 1/4, A4 1/4 | D4 3/4", "3/4", "4/4")).toEqual([0, 4, 8, 16]);
  });

  it("keeps its places where the bars are equally long", () => {
    expect(slots("D4 3/8, F4 1/8, A4 1/4 | D4 3/4", "6/8", "3/4")).toEqual([0, 6, 8, 12]);
  });

  it("keeps the stronger of two notes that would share a slot", () => {
    const quick = themeOf("D4 3/4, E4 1/16, F4 1/16, G4 1/16, A4 1/16", D_DORIAN);
    expect(cellsOf(fit({ meter: "3/4" }, quick).melody, "3/4")).toEqual([
      [0, 62, 10],
      [10, 64, 1],
      [11, 67, 1],
    ]);
  });
});
